// Fresh databases: a SQLite file, or a database on a PostgreSQL server. The server is the one that
// DIGILADOR_TEST_POSTGRES names, else one that ../../postgres starts for the time of this process.

import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The back ends on which everything must work. */
export const backEnds = ["sqlite", "postgres"];

/** A new, empty database: its address, and how to be rid of it. `folder` is where a file may lie. */
export async function freshDatabase(backEnd, folder) {
  if (backEnd === "sqlite") return { url: `sqlite://${join(folder, "digilador.sqlite3")}`, drop: async () => {} };
  const server = await postgres();
  const name = `browser_${randomUUID().replaceAll("-", "")}`;
  const tell = (statement) => run("psql", ["--no-psqlrc", "--quiet", "--command", statement, server]);
  await tell(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => tell(`DROP DATABASE ${name} WITH (FORCE)`) };
}

let known;

/** The address of the PostgreSQL server. */
function postgres() {
  known ??= process.env.DIGILADOR_TEST_POSTGRES ? Promise.resolve(process.env.DIGILADOR_TEST_POSTGRES) : startPostgres();
  return known;
}

/** Starts a server that stops when its standard input closes, which it does at the latest when this process ends. */
function startPostgres() {
  const script = join(import.meta.dirname, "../../postgres");
  const server = spawn(script, { stdio: ["pipe", "pipe", "inherit"] });
  return new Promise((tell, fail) => {
    server.once("error", fail);
    server.once("exit", () => fail(new Error("tests/postgres could not start a server; run tests/run, or install PostgreSQL")));
    createInterface(server.stdout).once("line", (address) => {
      // From here on the server must not keep this process from ending.
      for (const handle of [server, server.stdin, server.stdout]) handle.unref();
      tell(address);
    });
  });
}
