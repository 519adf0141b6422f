#!/bin/sh
# Makes a certificate for localhost, once, for the proxy that it runs in.
set -e
folder=/etc/nginx/tls
[ -s "$folder/key.pem" ] && exit 0
mkdir -p "$folder"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
  -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
