# The same code as `make run`, without the embedded servers and the test tools.
FROM node:24-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets assets
COPY static static
RUN npm run build

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/staticfiles OPENBLAS_NUM_THREADS=1
WORKDIR /app
RUN useradd --system --uid 10001 --create-home comc
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY . .
COPY --from=assets /app/static/build static/build
# Collecting the static files needs no secret and no server, only settings that load.
RUN SECRET_KEY=build FIELD_KEYS=build BASE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://build@build.invalid/build REDIS_URL=redis://build.invalid EMAIL_URL=smtp://build.invalid \
    python manage.py collectstatic --noinput --verbosity 0
USER comc
EXPOSE 8000
CMD ["gunicorn", "comc.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4"]
