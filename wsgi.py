"""What a WSGI server and the `flask` command load."""

import atexit
import gc
import os
import sys

from config import ConfigError, load_config
from tracker import create_app, logs
from tracker.db import close_connections
from tracker.doctor import hold_to_all

NOT_LOADED = 4  # by this a gunicorn ends, instead of starting the same worker again for ever

try:
    config = load_config()
    if config.is_production:
        logs.write_lines()
    app = create_app(config)
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # commands are held one by one (tracker/cli)
        hold_to_all(app)
except ConfigError as error:  # a list of faults says more than a traceback
    print(error, file=sys.stderr)
    raise SystemExit(NOT_LOADED) from None
# What is frozen below is not taken down at the end, and SQLite's file would lack what its log still holds.
atexit.register(close_connections, app)
# At the usual 700 the collector looks for waste one to four times a page; a list or an import makes it look
# the more often, and at all that was loaded now and then. That stays, and is looked at no more.
gc.set_threshold(20_000)
gc.freeze()
