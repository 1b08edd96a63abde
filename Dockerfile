# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv && python -m venv /opt/assistant
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
# The CPU build of torch: the plain one brings several GB of CUDA that nothing here uses.
RUN uv pip install --python /opt/assistant/bin/python --torch-backend cpu -r requirements.lock
COPY . .
RUN uv pip install --python /opt/assistant/bin/python --no-deps . \
 && HF_HUB_OFFLINE=1 /opt/assistant/bin/python -m core.onnx_export --cache /opt/assistant/models

FROM python:3.11-slim
# tesseract reads pages that are pictures; more languages: tesseract-ocr-XXX, and name them in OCR_LANGUAGES.
RUN apt-get update && apt-get install --yes --no-install-recommends \
      tesseract-ocr tesseract-ocr-deu tesseract-ocr-fra tesseract-ocr-spa \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 assistant \
 && install --directory --owner assistant /data /knowledge_base
COPY --from=build /opt/assistant /opt/assistant
COPY --chown=assistant knowledge_base /knowledge_base
COPY --chown=assistant assistance.yaml /home/assistant/assistance.yaml
ENV PATH=/opt/assistant/bin:$PATH PYTHONUNBUFFERED=1 DO_NOT_TRACK=1 \
    HOST=0.0.0.0 PORT=8000 DATA_DIR=/data KNOWLEDGE_BASE=/knowledge_base MODEL_CACHE_DIR=/opt/assistant/models LOG_FORMAT=json
USER assistant
WORKDIR /home/assistant
VOLUME ["/data", "/knowledge_base"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=4s --start-period=90s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=3)"]
ENTRYPOINT ["assistant"]
CMD ["serve"]
