#!/usr/bin/env bash
# jetty-home 12.1.11: on the command line, and in one .ini file, a property that stands behind a
# module of an environment belongs to that environment. So jetty.http.port behind
# --modules=http,ee11-webapp says nothing to the server's connector, which takes 8080, and nothing
# complains.
# Seen output:
#   modules first:  Properties: ee11  jetty.http.port = 16400
#   property first: Properties: Jetty jetty.http.port = 16400
# Needs a JDK, curl and unzip.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=12.1.11
curl -sSf -o "$work/jetty.zip" \
  "https://repo1.maven.org/maven2/org/eclipse/jetty/jetty-home/$version/jetty-home-$version.zip"
unzip -q "$work/jetty.zip" -d "$work"
mkdir "$work/base"
cd "$work/base"
owner() {
  java -jar "../jetty-home-$version/start.jar" "$@" --list-config |
    awk '/^Properties: /{ of = $2 } /jetty.http.port = /{ printf "Properties: %-5s %s = %s\n", of, $1, $3 }'
}
echo "modules first:  $(owner --modules=http,ee11-webapp jetty.http.port=16400)"
echo "property first: $(owner jetty.http.port=16400 --modules=http,ee11-webapp)"
