#!/usr/bin/env bash
# Chromium 147: a form of a page that was sent with "Referrer-Policy: no-referrer" is posted to the
# page's own server with "Origin: null". With "same-origin", or without a policy, the header names the
# server. So the policy that a careful page chooses makes its own forms look like those of a stranger
# to a server that compares Origin, which one would expect to depend on the two origins alone; and
# over plain HTTP to a host that is not the machine itself there is no Sec-Fetch-Site to tell them
# apart. (Fetch standard, "append a request Origin header": the policy is looked at for every method
# but GET and HEAD unless the request is a CORS request.)
# Seen output:
#   no policy: http://127.0.0.1:PORT
#   same-origin: http://127.0.0.1:PORT
#   no-referrer: null
# Needs Node 20 or newer and npm, on Linux x64, with the libraries that Chromium wants.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TMPDIR=$work
npm install --silent --no-audit --no-fund @sparticuz/chromium@147.0.0 puppeteer-core@24.43.1 >log 2>&1 ||
  { cat log; exit 1; }
cat >main.mjs <<'JS'
import http from "node:http";
import chromium from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";

const seen = {};
const server = http.createServer((request, response) => {
  const policy = new URL(request.url, "http://localhost").searchParams.get("policy");
  if (request.method === "POST") {
    seen[policy] = request.headers.origin ?? "(no header)";
    response.end("posted");
    return;
  }
  if (policy !== "no policy") {
    response.setHeader("Referrer-Policy", policy);
  }
  response.setHeader("Content-Type", "text/html");
  response.end(`<form method="post" action="/?policy=${encodeURIComponent(policy)}"><button>Go</button></form>`);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await puppeteer.launch({
  args: chromium.args,
  executablePath: await chromium.executablePath(),
  headless: "shell",
});
console.log(await browser.version());
const page = await browser.newPage();
for (const policy of ["no policy", "same-origin", "no-referrer"]) {
  await page.goto(`${origin}/?policy=${encodeURIComponent(policy)}`);
  await Promise.all([page.waitForNavigation(), page.click("button")]);
}
await browser.close();
server.close();

for (const [policy, value] of Object.entries(seen)) {
  console.log(`${policy}: ${value}`);
}
const expected = { "no policy": origin, "same-origin": origin, "no-referrer": "null" };
if (JSON.stringify(seen) !== JSON.stringify(expected)) {
  console.error("This has changed.");
  process.exit(1);
}
JS
node main.mjs
