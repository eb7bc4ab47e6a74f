"""A mail server on loopback for the tests: keeps each message as a file in the folder named by its argument.

Prints its port, then serves until standard input closes. It refuses "full@…" for now, "gone@…" for good, and whoever
sends to "locked@…" because of who they are.
"""

import asyncio
import pathlib
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    """Keeps what it is sent."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.taken = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("full@"):
            return "452 the mailbox is full"
        if address.startswith("gone@"):
            return "550 no such mailbox"
        if address.startswith("locked@"):
            return "535 authentication failed"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken += 1
        (self.folder / f"{self.taken:04}.eml").write_bytes(envelope.content)
        return "250 OK"


async def main():
    loop = asyncio.get_running_loop()
    keeper = Keeper(sys.argv[1])
    server = await loop.create_server(lambda: SMTP(keeper, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
