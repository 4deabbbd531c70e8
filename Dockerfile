# Seinpost for containers: built with the same scripts and locks as on a laptop, run by a user without privileges.
# Writes only below /var/lib/seinpost* and /tmp, so the root file system can be read-only.
FROM python:3.11-slim-bookworm AS built
WORKDIR /opt/seinpost
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
COPY requirements requirements
COPY scripts scripts
COPY pyproject.toml README.md LICENSE ./
COPY signals signals
COPY nlp nlp
COPY collectors collectors
COPY pipeline pipeline
COPY forwarding forwarding
COPY review_ui review_ui
COPY seinpost seinpost
RUN scripts/environment run && scripts/node_parts \
 && python -m compileall -q signals nlp collectors pipeline forwarding review_ui seinpost \
 && rm -rf .cache review_ui/node_modules

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/seinpost seinpost \
 && install -d -m 0700 -o seinpost -g seinpost /var/lib/seinpost /var/lib/seinpost-keys
COPY --from=built /opt/seinpost /opt/seinpost
ENV PATH=/opt/seinpost/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER seinpost
WORKDIR /var/lib/seinpost
CMD ["seinpost", "--help"]
