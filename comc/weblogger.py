"""How the web server writes its log; `gunicorn.conf.py` names it."""

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger

from comc.logs import LineFormatter


class WebLogger(Logger):
    """The error log, and the access log where a deployment asks for one, without the secrets in addresses."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            own = handler.formatter or logging.Formatter()
            handler.setFormatter(LineFormatter(own._fmt, own.datefmt))
