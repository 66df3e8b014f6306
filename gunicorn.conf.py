"""What the web server does wherever it is started; gunicorn reads this file by itself."""

logger_class = "comc.weblogger.WebLogger"
