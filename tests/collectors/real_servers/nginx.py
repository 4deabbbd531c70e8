"""A site that Hugo generated, served by nginx on the loopback address, with nginx's own log of what was asked."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.kafka.local_broker import free_port
from tests.collectors.real_servers.programs import answers, program, running

_NGINX = """
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {}
http {
  log_format asked escape=json '{"path":"$request_uri","status":"$status","agent":"$http_user_agent",'
    '"range":"$http_range","accepts":"$http_accept_encoding","packed":"$sent_http_content_encoding","tag":"$http_if_none_match"}';
  access_log asked.log asked;
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
  types { application/rss+xml xml; text/html html; text/plain txt; }
  gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;
  limit_req_zone $binary_remote_addr zone=few:1m rate=1r/m;
  server {
    listen 127.0.0.1:%(port)d;
    absolute_redirect off;
    root site;
    location = /oud.xml { return 301 /tussen.xml; }
    location = /tussen.xml { return 308 /index.xml; }
    location = /kring.xml { return 302 /kring.xml; }
    location = /weg.xml { return 410; }
    location = /dicht.xml { return 403; }
    location = /druk.xml { limit_req zone=few; limit_req_status 429; error_page 429 @druk; try_files /index.xml =404; }
    location @druk { internal; add_header Retry-After 1800 always; return 429; }
    location = /wens.xml { add_header X-Robots-Tag "noindex"; try_files /index.xml =404; }
    location = /traag.xml { limit_rate 10; try_files /index.xml =404; }
  }
}
"""


@dataclass(frozen=True)
class Served:
    """A site on its server: where it is, where its pages are written, and what was asked of it."""

    address: str
    folder: Path

    def write(self, name: str, title: str, body: str, day: int) -> None:
        """Put a page in the place of the one with this name, and generate the site anew."""
        page = self.folder / "source" / "content" / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"---\ntitle: {json.dumps(title)}\ndate: 2026-11-{day:02d}T12:00:00+01:00\n---\n{body}\n")
        self.generate()

    def remove(self, name: str) -> None:
        """Take a page away."""
        (self.folder / "source" / "content" / f"{name}.md").unlink()
        self.generate()

    def generate(self) -> None:
        """Let Hugo write the site and its feed."""
        hugo = program("hugo", "hugo")
        (self.folder / "source").mkdir(exist_ok=True)
        config = f'baseURL = "{self.address}/"\nlanguageCode = "nl"\ntitle = "Voorbeeldblad"\nrssLimit = 5\n'
        (self.folder / "source" / "config.toml").write_text(config + 'disableKinds = ["taxonomy", "term"]\n')
        subprocess.run(
            [hugo, "--quiet", "--source", self.folder / "source", "--destination", self.folder / "site"],
            check=True,
            capture_output=True,
        )

    def robots(self, rules: str) -> None:
        """Say who may read what."""
        (self.folder / "site" / "robots.txt").write_text(rules)

    def asked(self, path: str = "/index.xml") -> list[dict[str, str]]:
        """What nginx wrote down of the requests for a path."""
        lines = (self.folder / "asked.log").read_text().splitlines()
        return [told for line in lines if (told := json.loads(line))["path"] == path]


@contextlib.contextmanager
def site(folder: Path) -> Iterator[Served]:
    """An empty site; give it pages."""
    port = free_port()
    served = Served(f"http://127.0.0.1:{port}", folder)
    (folder / "site").mkdir()
    (folder / "tmp").mkdir()
    (folder / "nginx.conf").write_text(_NGINX % {"port": port})
    served.generate()
    nginx = program("nginx", "nginx-light")
    command = [str(nginx), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with running(command, folder, answers(served.address)):
        yield served
