"""html-validate over pages as they are served; one process of Node for all of them."""

import json
import subprocess

from tests.browser import tools


class Validator:
    def __init__(self, node: str):
        command = [node, tools.HERE / "validate.mjs", tools.package(""), tools.HERE / "htmlvalidate.json"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def errors(self, name: str, html: str) -> list[str]:
        """ "rule: line: words" for each error of a page."""
        self.process.stdin.write(json.dumps({"name": name, "html": html}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
