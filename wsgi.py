"""What a WSGI server and the `flask` command load."""

from config import ConfigError, load_config
from tracker import create_app

try:
    app = create_app(load_config())
except ConfigError as error:  # a list of faults says more than a traceback
    raise SystemExit(str(error)) from None
