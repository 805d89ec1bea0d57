"""The same echo bot with nothing but the standard library. Run as: raw_bot.py ADDRESS TOKEN polling|PORT."""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

PICTURE = Path(__file__).with_name("sea.png").read_bytes()
KEYS = {"inline_keyboard": [[{"text": "Press", "callback_data": "pressed"}]]}
KINDS = json.dumps(["message", "callback_query", "poll_answer"])

Json = dict[str, Any]


class Api:
    """Calls methods: with a query, a form, or a multipart body."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token

    def get(self, method: str, **params: Any) -> Any:
        return self._result(Request(f"{self.address}/bot{self.token}/{method}?{urlencode(params)}"))

    def post(self, method: str, **params: Any) -> Any:
        return self._result(Request(f"{self.address}/bot{self.token}/{method}", urlencode(params).encode()))

    def upload(self, method: str, files: dict[str, bytes], **params: Any) -> Any:
        boundary = uuid.uuid4().hex
        lines = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in params.items()
        ]
        body = "".join(lines).encode()
        for name, data in files.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.png"\r\n'
            body += head.encode() + b"Content-Type: image/png\r\n\r\n" + data + b"\r\n"
        body += f"--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._result(Request(f"{self.address}/bot{self.token}/{method}", body, kind))

    def download(self, file_id: str) -> bytes:
        path = self.get("getFile", file_id=file_id)["file_path"]
        with urlopen(f"{self.address}/file/bot{self.token}/{path}", timeout=30) as response:
            found: bytes = response.read()
            return found

    def _result(self, request: Request) -> Any:
        with urlopen(request, timeout=60) as response:
            return json.load(response)["result"]


def handle(api: Api, update: Json) -> None:
    if "callback_query" in update:
        query = update["callback_query"]
        name = " ".join(filter(None, (query["from"]["first_name"], query["from"].get("last_name"))))
        place = {"chat_id": query["message"]["chat"]["id"], "message_id": query["message"]["message_id"]}
        api.post("editMessageText", **place, text=f"pressed by {name}")
        api.post("answerCallbackQuery", callback_query_id=query["id"], text="thank you", show_alert="true")
    elif "poll_answer" in update:
        answer = update["poll_answer"]
        api.post("sendMessage", chat_id=answer["user"]["id"], text=f"You chose {answer['option_ids']}")
    elif "message" in update:
        answer_message(api, update["message"])


def answer_message(api: Api, message: Json) -> None:
    chat, text = message["chat"]["id"], message.get("text", "")
    reply = json.dumps({"message_id": message["message_id"]})
    if text.startswith("/photo"):
        api.upload("sendPhoto", {"photo": PICTURE}, chat_id=chat, caption="<i>sea</i>", parse_mode="HTML")
    elif text.startswith("/album"):
        media = [{"type": "photo", "media": f"attach://p{n}", "caption": f"no. {n}"} for n in (1, 2, 3)]
        files = {f"p{n}": PICTURE for n in (1, 2, 3)}
        api.upload("sendMediaGroup", files, chat_id=chat, media=json.dumps(media))
    elif text.startswith("/poll"):
        options = json.dumps([{"text": "Red"}, {"text": "Blue"}])
        api.get("sendPoll", chat_id=chat, question="Red or blue?", options=options, is_anonymous="false")
    elif "document" in message:
        digest = hashlib.sha256(api.download(message["document"]["file_id"])).hexdigest()
        name = message["document"]["file_name"]
        api.post("sendMessage", chat_id=chat, text=f"{name}: {digest}", reply_parameters=reply)
    elif text:
        keys = json.dumps(KEYS)
        api.post(
            "sendMessage",
            chat_id=chat,
            text=f"<b>{text}</b>",
            parse_mode="HTML",
            reply_parameters=reply,
            reply_markup=keys,
        )


def poll(api: Api) -> None:
    offset = 0
    while True:
        for update in api.get("getUpdates", offset=offset, timeout=20, allowed_updates=KINDS):
            offset = update["update_id"] + 1
            handle(api, update)


def serve(api: Api, port: int) -> None:
    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            allowed = self.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
            self.send_response(200 if allowed else 403)
            self.end_headers()
            if allowed:
                handle(api, json.loads(body))

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", port), Hook)
    address = f"http://127.0.0.1:{port}/hook"
    api.post("setWebhook", url=address, secret_token="s3cret", allowed_updates=KINDS)
    server.serve_forever()


if __name__ == "__main__":
    telegram = Api(sys.argv[1], sys.argv[2])
    telegram.post("setMyCommands", commands=json.dumps([{"command": "photo", "description": "A picture"}]))
    if sys.argv[3] == "polling":
        poll(telegram)
    else:
        serve(telegram, int(sys.argv[3]))
