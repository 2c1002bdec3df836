# Hands a notice to the hub without our own client: the statement is signed by the OpenSSL command
# line, the submission sent by curl. Sourced by demo.sh; needs $dir (the sandbox) and jq.

sandbox_value() { jq -er "$1" "$dir/sandbox.json"; }

# The six lines of a batch of one: what docs/PROTOCOL.md says is signed.
write_statement() { # notice file, signer's certificate
    local root signer origin
    root=$({ printf '\0'; cat "$1"; } | openssl dgst -sha256 -binary | base64 -w0)
    signer=$(openssl x509 -in "$2" -noout -ext subjectAltName | sed -n 's/.*URI:\([^,]*\).*/\1/p')
    origin=$(sandbox_value .log_vkey | cut -d+ -f1)
    printf 'tongbao/statement/v1 p256-sha256\nlog %s\nsigner %s\nrole submit\ncount 1\nroot %s\n' \
        "$origin" "$signer" "$root"
}

submit_raw() { # unit, notice file; prints the hub's answer
    local unit=$1 notice=$2 certificate key
    certificate=$(sandbox_value ".units.$unit.sign_cert")
    key=$(sandbox_value ".units.$unit.sign_key")
    write_statement "$notice" "$certificate" >"$work/statement"
    openssl cms -sign -binary -nodetach -nocerts -cades -nosmimecap -md sha256 -keyid \
        -signer "$certificate" -inkey "$key" -outform DER -in "$work/statement" \
        -out "$work/statement.p7s"
    jq -n --arg statement "$(base64 -w0 "$work/statement.p7s")" \
        --arg leaf "$(base64 -w0 "$notice")" '{statement: $statement, leaves: [$leaf]}' |
        curl --silent --show-error --max-time 20 --data-binary @- \
            --cert "$(sandbox_value ".units.$unit.daemon_cert")" \
            --key "$(sandbox_value ".units.$unit.daemon_key")" \
            --cacert "$(sandbox_value .ca_file)" \
            "$(sandbox_value .hub_url)/v1/batches"
}

# A version 7 UUID of now.
new_id() {
    local time random
    time=$(printf '%012x' "$(date +%s%3N)")
    random=$(openssl rand -hex 9)
    printf '%s-%s-7%s-8%s-%s\n' "${time:0:8}" "${time:8:4}" "${random:0:3}" "${random:3:3}" \
        "${random:6:12}"
}

# The header that every notice has; the rest is the caller's.
raw_notice() { # from, kind, jq expression for the rest
    jq -cnj --arg id "$(new_id)" --arg nonce "$(openssl rand -base64 16)" --arg from "$1" \
        --arg kind "$2" --arg now "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" \
        "{format: \"tongbao/notice/v1\", id: \$id, nonce: \$nonce,
          charter: {id: \"guangdong-2020\", version: 1}, kind: \$kind, from: \$from,
          issued_at: \$now, secrecy: \"工作秘密\", urgency: \"平件\", fields: {}, attachments: []}
         + ($3)"
}
