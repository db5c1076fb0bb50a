"""A mail server small enough to misbehave on request."""

import email
import socketserver
import threading
from email.message import Message
from types import TracebackType


class MailServer:
    """Listens on `port` while entered. Keeps what it took in `taken` and counts `connections`.

    Refuses the recipients in `refused`; hangs up on those in `hung_up_on`.
    """

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.connections = 0
        self.refused: set[str] = set()
        self.hung_up_on: set[str] = set()
        mail_server = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                mail_server.converse(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def converse(self, conversation: socketserver.StreamRequestHandler) -> None:
        def say(line: str) -> None:
            conversation.wfile.write(line.encode() + b"\r\n")

        self.connections += 1
        say("220 ready")
        while line := conversation.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            recipient = rest.removeprefix("TO:").strip("<>")  # of RCPT, the only verb followed by one
            if recipient in self.hung_up_on:
                return
            if recipient in self.refused:
                say("550 no such person")
            elif verb.upper() == "DATA":
                say("354 go on")
                lines = iter(conversation.rfile.readline, b".\r\n")
                self.taken.append(email.message_from_bytes(b"".join(lines)))
                say("250 taken")
            elif verb.upper() == "QUIT":
                say("221 goodbye")
                return
            else:
                say("250 fine")
