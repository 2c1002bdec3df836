#!/bin/sh
# Makes throw-away keys and certificates for the transport tests in the directory $1, by the
# openssl command line. They belong to nobody and expire with the build directory.
set -eu
mkdir -p "$1"
cd "$1"

# authority NAME
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
        -out "$1.pem" -days 3650 -subj "/CN=$1" \
        -addext "basicConstraints=critical,CA:true" -addext "keyUsage=critical,keyCertSign,cRLSign"
}

# leaf NAME AUTHORITY SUBJECT_ALTERNATIVE_NAME EXTENDED_KEY_USAGE
leaf() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
        -out "$1.csr" -subj "/CN=$1"
    printf 'subjectAltName=%s\nextendedKeyUsage=%s\nkeyUsage=critical,digitalSignature\n' \
        "$3" "$4" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 3650 \
        -extfile "$1.ext" -out "$1.pem"
}

authority root
authority foreign-root
leaf hub root "URI:spiffe://test.invalid/hub,DNS:hub.test.invalid,IP:127.0.0.1" serverAuth
leaf unit root "URI:spiffe://test.invalid/unit/one/daemon" clientAuth
leaf wild root "URI:spiffe://test.invalid/hub,DNS:*.test.invalid,DNS:h*.test.invalid" serverAuth
leaf common.test.invalid root "URI:spiffe://test.invalid/hub,IP:127.0.0.1" serverAuth
leaf foreign foreign-root "URI:spiffe://test.invalid/unit/one/daemon" clientAuth
leaf foreign-hub foreign-root "URI:spiffe://test.invalid/hub,DNS:hub.test.invalid,IP:127.0.0.1" serverAuth
