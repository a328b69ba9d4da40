"""A local Africa's Talking: the same requests, answers, failures and delivery reports; for demo, tests and load.

`POST /version1/messaging` as documented. `POST /simulator/behaviour` (JSON) changes what happens: `{"number": "+254…",
"statusCode": 403, "status": "InvalidPhoneNumber"}`, `{"number": …, "report": "Failed", "failureReason": …}` (or
`"report": null` for none), `{"next": [{"http": 500}, {"cut": true}, {"seconds": 3}]}`, `{"balance": 10}` (parts left),
`{"callback": {"username": "…", "url": "…"}}`. `GET /simulator/messages` lists what was taken in.
"""

import json
import socket
import threading
import time
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from schools.messaging import texts

PRICE = 0.8
NAMES = {101: "Sent", 102: "Queued", 401: "RiskHold", 402: "InvalidSenderId", 403: "InvalidPhoneNumber",
         404: "UnsupportedNumberType", 405: "InsufficientBalance", 406: "UserInBlacklist", 407: "CouldNotRoute",
         500: "InternalServerError", 501: "GatewayError", 502: "RejectedByGateway"}  # fmt: skip


class Provider:
    """What the simulator knows: what was sent, how each number behaves, where reports go."""

    def __init__(self, *, report_after: float = 0.2) -> None:
        self.report_after = report_after
        self.lock = threading.Lock()
        self.messages: list[dict[str, Any]] = []
        self.numbers: dict[str, dict[str, Any]] = {}
        self.next: list[dict[str, Any]] = []
        self.callbacks: dict[str, str] = {}
        self.balance: float | None = None
        self.keys: dict[str, str] = {}

    def behave(self, said: dict[str, Any]) -> None:
        """Change what happens from now on."""
        with self.lock:
            if "number" in said:
                self.numbers.setdefault(said["number"], {}).update(said)
            self.next += said.get("next", [])
            if "balance" in said:
                self.balance = said["balance"]
            if "key" in said:
                self.keys[said["key"]["username"]] = said["key"]["key"]
            if "callback" in said:
                self.callbacks[said["callback"]["username"]] = said["callback"]["url"]

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Answer one request; whoever is to get a report gets it from a thread of its own."""
        text, username = form.get("message", ""), form.get("username", "")
        parts = texts.size(text).parts
        rows = []
        for number in form.get("to", "").split(","):
            rows.append(self._one(number.strip(), text, parts, username, form))
        total = sum(PRICE * parts for row in rows if row["statusCode"] in (100, 101, 102))
        good = sum(1 for row in rows if row["statusCode"] in (100, 101, 102))
        return {
            "SMSMessageData": {"Message": f"Sent to {good}/{len(rows)} Total Cost: KES {total:.4f}", "Recipients": rows}
        }

    def _one(self, number: str, text: str, parts: int, username: str, form: dict[str, str]) -> dict[str, Any]:
        behaviour = self.numbers.get(number, {})
        code = behaviour.get("statusCode", 101)
        with self.lock:
            if code == 101 and self.balance is not None:
                if self.balance < parts:
                    code = 405
                else:
                    self.balance -= parts
        if not number.startswith("+") or not number[1:].isdigit():
            code = 403
        good = code in (100, 101, 102)
        message_id = f"ATXid_{uuid.uuid4().hex}" if good else "None"
        if good:
            with self.lock:
                self.messages.append(
                    {"id": message_id, "to": number, "message": text, "from": form.get("from", ""),
                     "username": username, "at": time.time()}
                )  # fmt: skip
            self._report(number, message_id, behaviour, username)
        status = behaviour.get("status") or ("Success" if good else NAMES.get(code, "InternalServerError"))
        return {
            "statusCode": code, "number": number, "status": status, "messageId": message_id,
            "cost": f"KES {PRICE * parts:.4f}" if good else "0",
        }  # fmt: skip

    def _report(self, number: str, message_id: str, behaviour: dict[str, Any], username: str) -> None:
        url, status = self.callbacks.get(username), behaviour.get("report", "Success")
        if not url or status is None:
            return
        facts = {"id": message_id, "status": status, "phoneNumber": number, "networkCode": "63902", "retryCount": "0"}
        if status in ("Failed", "Rejected"):
            facts["failureReason"] = behaviour.get("failureReason", "DeliveryFailure")
        timer = threading.Timer(self.report_after, _post, [url, facts])
        timer.daemon = True
        timer.start()


def _post(url: str, facts: dict[str, str]) -> None:
    """Call back on loopback, whatever the host's name: `*.localhost` is not in every resolver."""
    parts = urllib.parse.urlsplit(url)
    address = parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl()
    body = urllib.parse.urlencode(facts).encode()
    request = urllib.request.Request(address, body, {"Host": parts.netloc})  # noqa: S310
    for wait in (0.0, 1.0, 3.0):
        time.sleep(wait)
        try:
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310
                return
        except OSError:
            continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/simulator/behaviour":
            self.server.provider.behave(json.loads(body))
            return self._say(200, {"ok": True})
        if self.path != "/version1/messaging":
            return self._say(404, "The requested resource could not be found.")
        form = dict(urllib.parse.parse_qsl(body))
        provider = self.server.provider
        with provider.lock:
            planned = provider.next.pop(0) if provider.next else {}
        if (
            not self.headers.get("apiKey")
            or provider.keys.get(form.get("username", ""), self.headers["apiKey"]) != (self.headers["apiKey"])
        ):
            return self._say(401, "The supplied authentication is invalid")
        if "http" in planned:
            return self._say(planned["http"], "Internal Server Error")
        answer = provider.take(form)
        time.sleep(planned.get("seconds", 0))
        if planned.get("cut"):  # taken in, and the answer never arrives
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return None
        return self._say(201, answer)

    def do_GET(self) -> None:
        if self.path == "/simulator/messages":
            with self.server.provider.lock:
                return self._say(200, {"messages": list(self.server.provider.messages)})
        return self._say(404, "Not found")

    def _say(self, status: int, body: Any) -> None:
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if isinstance(body, str) else "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing: numbers and texts stay out of logs."""


class Server(ThreadingHTTPServer):
    """The simulator on loopback; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0, *, report_after: float = 0.2) -> None:
        self.provider = Provider(report_after=report_after)
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"
