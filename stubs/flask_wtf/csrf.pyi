from typing import Any

from flask import Flask
from werkzeug.exceptions import BadRequest

class CSRFError(BadRequest): ...

class CSRFProtect:
    def init_app(self, app: Flask) -> None: ...
    def exempt(self, view: Any) -> Any: ...
