// The mails that the program has written as files, read as a person reads them.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import PostalMime from "postal-mime";

/** How long a mail may take, in milliseconds. */
const PATIENCE = 30_000;

export class Mailbox {
  #folder;
  #read = new Set();

  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * The next mail to an address, not read before, whose subject matches; waits for it.
   *
   * @returns {Promise<{ subject: string, text: string, code?: string, link?: string }>}
   */
  async next(to, subject = /./) {
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      for (const name of await this.#names()) {
        const mail = await PostalMime.parse(await readFile(join(this.#folder, name)));
        if (!mail.to?.some((recipient) => recipient.address === to) || !subject.test(mail.subject ?? "")) continue;
        this.#read.add(name);
        const text = mail.text ?? "";
        return {
          subject: mail.subject,
          text,
          code: /\b\d{6}\b/.exec(text)?.[0],
          link: /https?:\/\/\S+/.exec(text)?.[0],
        };
      }
      await pause(100);
    }
    throw new Error(`no mail to ${to} with a subject like ${subject}`);
  }

  async #names() {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(".eml") && !this.#read.has(name)).sort();
  }
}
