// A server of its own for a test: the program with a fresh database, a folder of its own, and mail as files.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { freshDatabase } from "./database.mjs";
import { Mailbox } from "./mail.mjs";

const run = promisify(execFile);
const program = process.env.DIGILADOR_BIN ?? join(import.meta.dirname, "../../../target/debug/digilador");
/** How long the program may take to start, in milliseconds: filling the demo is most of it. */
const PATIENCE = 120_000;

/**
 * Starts the program. It stops, and its database and folder go, when `stop` is called; `crash` ends it as a power cut would,
 * and starts it again.
 *
 * @param {{ backEnd?: "sqlite" | "postgres", demo?: boolean, settings?: Record<string, string> }} options
 */
export async function startServer({ backEnd = "sqlite", demo = false, settings = {} } = {}) {
  await access(program).catch(() => { throw new Error(`${program} is missing: cargo build, or set DIGILADOR_BIN`); });
  const folder = await mkdtemp(join(tmpdir(), "digilador-browser-"));
  const database = await freshDatabase(backEnd, folder);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { ...outerEnvironment(), ...{
    DIGILADOR_DATABASE_URL: database.url,
    DIGILADOR_DATA_DIR: folder,
    DIGILADOR_LISTEN: `127.0.0.1:${port}`,
    DIGILADOR_PUBLIC_URL: origin,
    DIGILADOR_LOG: "warn",
    ...settings,
  } };
  let child, ended;
  let log = "";
  const serve = () => {
    child = spawn(program, ["serve", ...(demo ? ["--demo", "--database", database.url] : [])], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    ended = once(child, "exit");
    child.stderr.on("data", (piece) => { log += piece; });
  };
  serve();
  process.once("exit", () => child.kill());

  const stop = async () => {
    child.ref();
    child.kill("SIGTERM");
    await ended;
    await database.drop();
    await rm(folder, { recursive: true, force: true });
    if (child.exitCode !== 0) throw new Error(`the program ended with ${child.exitCode ?? child.signalCode}:\n${log}`);
    const faults = log.split("\n").filter((line) => line.includes("ERROR"));
    if (faults.length > 0) throw new Error(`the program logged faults:\n${faults.join("\n")}`);
  };
  try {
    await ready(origin, child);
  } catch (error) {
    await stop().catch(() => {});
    throw new Error(`${error.message}\n${log}`);
  }

  // A test that was given up must not keep this process from ending.
  const letGo = () => {
    child.unref();
    child.stderr.unref();
  };
  letGo();
  const crash = async () => {
    child.ref();
    child.kill("SIGKILL");
    await ended;
    serve();
    await ready(origin, child);
    letGo();
  };
  const cli = async (...args) => (await run(program, args, { cwd: folder, env })).stdout.trim();
  return { origin, cli, stop, crash, mailbox: new Mailbox(join(folder, "mail")) };
}

/** The environment of this process without settings of the program, which refuses those that it does not know. */
function outerEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("DIGILADOR_")));
}

async function freePort() {
  const socket = createServer().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

async function ready(origin, child) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`${program} ended before it was ready`);
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`${program} was not ready in time`);
}
