"""What the gateway double says on the wire: its control, the JSON webhook, Kavenegar's methods, sms.ir, Apprise."""

import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

KAVENEGAR_STATUS = {"sent": 5, "delivered": 10, "failed": 6, "blocked": 14}
SMSIR_STATE = {"sent": 5, "delivered": 1, "failed": 6, "blocked": 7}
CONFIRMED = "تایید شد"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """Clients that hang up are the point of some tests."""


class Handler(BaseHTTPRequestHandler):
    double = property(lambda self: self.server.double)

    def log_message(self, *_):
        """Counts are the log."""

    def do_GET(self):
        path = urlsplit(self.path).path
        double = self.double
        if path == "/_counts":
            return self.tell(200, double.counts())
        if path in ("/_posts", "/_messages"):
            with double.lock:
                return self.tell(200, double.posts if path == "/_posts" else list(double.messages.values()))
        if path.startswith("/v1/send/"):
            return self.smsir_state(path.removeprefix("/v1/send/"))
        if path.startswith("/sms/"):
            return self.look_up_webhook(unquote(path.removeprefix("/sms/")))
        return self.tell(404, {})

    def do_POST(self):
        path = urlsplit(self.path).path
        if path.startswith("/_"):
            return self.control(path)
        if path.startswith("/v1/send/"):
            return self.smsir(path.removeprefix("/v1/send/"))
        if path.startswith("/apprise/"):
            return self.apprise(path.removeprefix("/apprise/"))
        if path.startswith("/v1/"):
            return self.kavenegar(*path.removeprefix("/v1/").partition("/")[::2])
        if path == "/sms":
            return self.webhook()
        self.body()
        return self.tell(404, {})

    # --- Control ---------------------------------------------------------------------------------

    def control(self, path):
        double, told = self.double, json.loads(self.body() or b"{}")
        match path:
            case "/_control":
                double.control(**told)
            case "/_askable":
                double.askable = told["askable"]
            case "/_state":
                double.set_state(told["id"], told["state"])
            case "/_receipt":
                return self.tell(200, {"status": double.post_receipt(**told)})
            case "/_reset":
                double.reset()
            case _:
                return self.tell(404, {})
        return self.tell(200, {})

    # --- The JSON webhook ------------------------------------------------------------------------

    def webhook(self):
        plan = self.double.next_plan()
        if plan["mode"] == "drop_before":
            self.double.note(None, None, None, None, "drop_before")
            return self.drop()
        told = json.loads(self.body())
        found = self.double.note(told["id"], told["to"], told["kind"], told["text"], plan["mode"])
        if found:
            return self.behave(plan, 200, {"id": found["gateway_id"]})
        status = 422 if plan["mode"] == "refuse" else int(plan["mode"]) if plan["mode"].isdigit() else 0
        return self.behave(plan, status, {"error": "refused"})

    def look_up_webhook(self, our_id):
        if not self.answers_questions():
            return None
        found = self.double.find(our_id)
        if found is None:
            return self.tell(404, {})
        return self.tell(200, {"state": "failed" if found["state"] == "blocked" else found["state"]})

    def answers_questions(self):
        """Counts a look-up. One that cannot be asked says 503 and is done."""
        with self.double.lock:
            self.double.look_ups += 1
        if not self.double.askable:
            self.tell(503, {})
        return self.double.askable

    # --- Kavenegar -------------------------------------------------------------------------------

    def kavenegar(self, key, method):
        double = self.double
        submits = method in ("sms/send.json", "verify/lookup.json")
        plan = double.next_plan() if submits else {"mode": "accept"}
        if plan["mode"] == "drop_before":
            double.note(None, None, None, None, "drop_before")
            return self.drop()
        form = dict(parse_qsl(self.body().decode(), keep_blank_values=True))
        if unquote(key) != double.key:
            return self.kavenegar_refusal({"mode": "accept"}, 403)
        if method == "sms/send.json":
            kind, wanted = "message", ("receptor", "message", "sender", "localid")
        elif method == "verify/lookup.json":
            kind, wanted = "code", ("receptor", "template", "token")
        else:
            return self.kavenegar_states(method, form)
        code = self.kavenegar_complaint(form, wanted)
        if code:
            double.note(form.get("localid"), form.get("receptor"), kind, None, str(code))
            return self.kavenegar_refusal({"mode": "accept"}, code)
        text = form["message"] if kind == "message" else form["token"]
        found = double.note(form.get("localid"), form["receptor"], kind, text, plan["mode"])
        if found is None:
            code = 411 if plan["mode"] == "refuse" else int(plan["mode"]) if plan["mode"].isdigit() else 0
            return self.kavenegar_refusal(plan, code)
        entry = self.kavenegar_entry(found)
        return self.behave(plan, 200, {"return": {"status": 200, "message": CONFIRMED}, "entries": [entry]})

    def kavenegar_complaint(self, form, wanted):
        if not all(form.get(name) for name in wanted):
            return 400
        if "template" in form:
            return 424 if form["template"] != self.double.template else 0
        if form["sender"] != self.double.sender:
            return 412
        return 0 if form["localid"].isdigit() else 400

    def kavenegar_entry(self, found):
        return {
            "messageid": int(found["gateway_id"]),
            "message": found["text"],
            "status": KAVENEGAR_STATUS[found["state"]],
            "statustext": "",
            "sender": self.double.sender,
            "receptor": found["to"],
            "date": int(time.time()),
            "cost": 120,
        }

    def kavenegar_states(self, method, form):
        if not self.answers_questions():
            return None
        if method == "sms/status.json":
            asked = [
                (self.double.find(gateway_id=name), {"messageid": int(name)}) for name in form["messageid"].split(",")
            ]
        elif method == "sms/statuslocalmessageid.json":
            found = self.double.find(form["localid"])
            asked = [(found, {"messageid": int(found["gateway_id"]) if found else 0, "localid": form["localid"]})]
        else:
            return self.kavenegar_refusal({"mode": "accept"}, 404)
        entries = [
            {**entry, "status": KAVENEGAR_STATUS[found["state"]] if found else 100, "statustext": ""}
            for found, entry in asked
        ]
        return self.tell(200, {"return": {"status": 200, "message": CONFIRMED}, "entries": entries})

    def kavenegar_refusal(self, plan, code):
        """Kavenegar's HTTP status repeats its code."""
        return self.behave(plan, code, {"return": {"status": code, "message": "refused"}, "entries": None})

    # --- sms.ir ----------------------------------------------------------------------------------

    def smsir(self, method):
        double, plan = self.double, self.double.next_plan()
        if plan["mode"] == "drop_before":
            double.note(None, None, None, None, "drop_before")
            return self.drop()
        told = json.loads(self.body())
        if self.headers.get("X-API-KEY") != double.key:
            return self.tell(401, {"status": 10, "message": "key", "data": None})
        if method == "verify":
            kind, to, text = "code", told["mobile"], told["parameters"][0]["value"]
            wrong = 113 if told["templateId"] != double.smsir_template else 0
        else:
            kind, to, text = "message", told["mobiles"][0], told["messageText"]
            wrong = 101 if told["lineNumber"] != int(double.sender) else 0
        if wrong:
            double.note(None, to, kind, None, str(wrong))
            return self.tell(400, {"status": wrong, "message": "refused", "data": None})
        found = double.note(None, to, kind, text, plan["mode"])
        if found is None:
            # Its own codes lie below 300, where no HTTP status is: 104 for the number, else what the mode says.
            code = 104 if plan["mode"] == "refuse" else None
            status = 400 if code else int(plan["mode"]) if plan["mode"].isdigit() else 0
            return self.behave(plan, status, {"status": code, "message": "refused", "data": None} if code else {})
        number = int(found["gateway_id"])
        data = {"messageId": number} if method == "verify" else {"packId": "p", "messageIds": [number]}
        return self.behave(plan, 200, {"status": 1, "message": "موفق", "data": {**data, "cost": 1.0}})

    def smsir_state(self, name):
        if not self.answers_questions():
            return None
        found = self.double.find(gateway_id=name)
        if found is None:
            return self.tell(400, {"status": 111, "message": "unknown", "data": None})
        data = {"messageId": int(name), "deliveryState": SMSIR_STATE[found["state"]]}
        return self.tell(200, {"status": 1, "message": "موفق", "data": data})

    # --- Apprise's plugin for JSON -----------------------------------------------------------------

    def apprise(self, to):
        plan = self.double.next_plan()
        if plan["mode"] == "drop_before":
            self.double.note(None, None, None, None, "drop_before")
            return self.drop()
        told = json.loads(self.body())
        found = self.double.note(None, to, "message", told["message"], plan["mode"])
        status = (
            200 if found else 422 if plan["mode"] == "refuse" else int(plan["mode"]) if plan["mode"].isdigit() else 0
        )
        return self.behave(plan, status, {})

    # --- Answers ---------------------------------------------------------------------------------

    def body(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.double.lock:
            self.double.requests.append((self.command, self.path, dict(self.headers), data))
        return data

    def tell(self, status, value, retry_after=None):
        self.answer(status, json.dumps(value, ensure_ascii=False).encode(), "application/json", retry_after)

    def answer(self, status, data, kind, retry_after=None):
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        if 300 <= status < 400:
            self.send_header("Location", self.double.url)
        self.end_headers()
        self.wfile.write(data)

    def behave(self, plan, status, value):
        """Answer as the mode wants it."""
        match plan["mode"]:
            case "hang" | "hang_after_accept":
                self.double.stopping.wait(120)
            case "drop_after_accept":
                self.drop()
            case "garbage":
                self.answer(200, b"<html>It works!</html>", "text/html")
            case "huge":
                self.answer(200, json.dumps(value).encode() + b" " * 1_000_000, "application/json")
            case "drip":
                self.drip(plan["delay"], b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(value).encode())
            case mode:
                if mode == "slow":
                    self.double.stopping.wait(plan["delay"])
                self.tell(status, value, plan.get("retry_after"))

    def drip(self, delay, data):
        for byte in data:
            self.wfile.write(bytes([byte]))
            if self.double.stopping.wait(delay):
                return

    def drop(self):
        self.connection.shutdown(socket.SHUT_RDWR)
