"""What a WSGI server and the `flask` command load."""

from config import load_config
from tracker import create_app

app = create_app(load_config())
