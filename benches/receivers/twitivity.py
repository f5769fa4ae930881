# twitivity with the server that it brings: python twitivity.py PORT SECRET
import logging
import os
import sys

# This file has the name of the package: the folder it stands in is not looked at.
sys.path = [path for path in sys.path if os.path.abspath(path) != os.path.dirname(os.path.abspath(__file__))]
port = int(sys.argv[1])
os.environ.update(consumer_key="unused", consumer_secret=sys.argv[2], access_token="unused", access_token_secret="unused", env_name="unused")

from twitivity import Event  # noqa: E402  it looks for its keys when it is loaded


class Receiver(Event):
    CALLBACK_URL = "https://www.example.com/webhook"

    def on_data(self, data):
        pass


logging.getLogger("werkzeug").setLevel(logging.ERROR)
Receiver()._server.run(host="127.0.0.1", port=port)
