"""`python -m benchmarks.mail_worker`: the product's own Celery worker, which greets the mail server by its number.

So the server knows which process gave it a mail. Nothing else differs from `celery -A comc worker --pool solo`.
"""

import os

from django.core.mail.utils import DNS_NAME

from comc.celery import app


def name(pid: int) -> str:
    return f"worker-{pid}"


if __name__ == "__main__":
    DNS_NAME._fqdn = name(os.getpid())
    app.worker_main(["worker", "--pool=solo", "--loglevel=ERROR", "--without-gossip", "--without-mingle"])
