#!/usr/bin/env bash
# Plays a case of suspected fraud between the units of the Guangdong charter, in a sandbox on this
# machine, with synthetic data; then three refusals, the case's trail, and the audit of the log.
# Ends with 0 only if everything went exactly as it should. Usage: demo.sh <folder of the programs>
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
work=$(mktemp -d /tmp/tongbao-demo.XXXXXX)
dir=$work/sandbox
export PATH=$bin:$PATH LC_ALL=C.UTF-8
# shellcheck source=tests/demo/raw.sh
source "$here/raw.sh"

end() {
    local status=$?
    # What was started is taken back whatever else went wrong: nothing here may end the function.
    if [[ -f $dir/sandbox.json ]]; then
        tongbao sandbox down --dir "$dir" >/dev/null || echo "the sandbox was not stopped" >&2
    fi
    rm -rf "$work"
    [[ $status -eq 0 ]] || echo "the demo FAILED (exit $status)" >&2
    exit "$status"
}
trap end EXIT

bold='' plain=''
[[ -t 1 ]] && bold=$'\033[1m' plain=$'\033[0m'
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
as() { # unit, command …
    local unit=$1
    shift
    tongbao "$@" --sandbox "$dir" --as "$unit"
}
# The id in the answer to a `send` or `reply` with --json.
id_of() { jq -er .id; }
sign_as() { # unit, post, id: the holder of the post signs a notice that waits, without its text
    as "$1" endorse "$3" --post "$2" 2>/dev/null
}
wait_for() { # unit, id: until it is in the inbox, 20 seconds at most
    local tries
    for tries in $(seq 100); do
        as "$1" show "$2" --json >/dev/null 2>&1 && return 0
        read -rt 0.2 <> <(:) || true
    done
    echo "$2 did not arrive at $1 in $tries tries" >&2
    return 1
}

# A PDF of one page, its cross-reference table counted on the spot.
make_pdf() { # file, one line of ASCII
    local body offsets='' object
    local objects=(
        '<< /Type /Catalog /Pages 2 0 R >>'
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>'
        "$(printf '<< /Length %d >>\nstream\nBT /F1 14 Tf 72 760 Td (%s) Tj ET\nendstream' $((31 + ${#2})) "$2")"
        '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
    )
    body=$'%PDF-1.4\n'
    for object in "${!objects[@]}"; do
        offsets+=$(printf '%010d 00000 n ' ${#body})$'\n'
        body+="$((object + 1)) 0 obj"$'\n'"${objects[object]}"$'\n'"endobj"$'\n'
    done
    printf '%sxref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n' \
        "$body" "$offsets" ${#body} >"$1"
}

say "1. A sandbox: a hub, six members and the office, each with its own daemon and keys"
tongbao sandbox up --charter guangdong-2020 --dir "$dir"

say "2. hsa (省医保局) transfers a suspected fraud to police (省公安厅), with its attachments"
make_pdf "$work/letter.pdf" "Transfer letter of a suspected crime case - synthetic"
printf 'Investigation report, synthetic: 12 claims without treatment.\n' >"$work/report.txt"
# Division 440099 is not assigned, the codes belong to nobody.
cat >"$work/transfer.json" <<'JSON'
{"case_title": "某定点医院涉嫌虚构诊疗骗保（合成数据）",
 "subjects": [{"subject_kind": "medical_institution", "subject_name": "合成测试医院", "uscc": "914400990000000160",
               "medins_code": "H44009900001", "division": "440099"}],
 "facts": "十二份结算清单没有对应的诊疗记录。", "legal_basis": "国务院令第310号第三条",
 "involved_fen": 12345600, "suspected_crime": "诈骗罪",
 "report_received_by_head": "2026-03-02T09:00+08:00", "approved_at": "2026-03-03T15:30+08:00",
 "handlers": 2, "inspection_needed": false}
JSON
transfer=$(as hsa send --kind suspected_crime_transfer \
    --fields "$work/transfer.json" --attach transfer_letter="$work/letter.pdf" \
    --attach investigation_report="$work/report.txt" --no-attachment property_list --json | id_of)
echo "the charter asks for a reviewer (核稿) and an issuer (签发): it waits for both"
as hsa endorse
as hsa endorse "$transfer" --post reviewer
sign_as hsa issuer "$transfer"
wait_for police "$transfer"
as police inbox
case_number=$(as police show "$transfer" --json | jq -r .case)
echo "the hub opened a case for it (案件编号): $case_number"

say "3. police sign for it (签收), take it up (受理), fetch its attachments, and see what they owe by when (期限)"
as police sign-for "$transfer"
as police take-up "$transfer"
as police fetch "$transfer" --out "$work/fetched"
cmp "$work/letter.pdf" "$(find "$work/fetched" -name '*letter.pdf')"
as police due

say "4. police decide to file the case (立案); hsa hands the materials over"
printf 'Decision to file, synthetic.\n' >"$work/decision.txt"
decision=$(as police reply "$transfer" --kind police_filing_decision --field decision=filed \
    --field 'decision_doc_no=测公立〔2026〕1号' --attach decision_letter="$work/decision.txt" \
    --json | id_of)
sign_as police reviewer "$decision"
sign_as police issuer "$decision"
wait_for hsa "$decision"
as hsa sign-for "$decision"
printf 'Hand-over list, synthetic.\n' >"$work/list.txt"
handover=$(as hsa reply "$decision" --kind material_handover \
    --field handed_over_at=2026-03-05T10:00+08:00 --attach property_list="$work/list.txt" \
    --json | id_of)
sign_as hsa issuer "$handover"
wait_for police "$handover"
as police sign-for "$handover"

say "5. hsa sends its entry for the office's case ledger (案件台账)"
ledger=$(as hsa send --kind ledger_entry --case "$case_number" --field track=admin_hsa \
    --field track_state=investigating --field involved_fen=12345600 --json | id_of)
sign_as hsa issuer "$ledger"
wait_for office "$ledger"
as office inbox
echo "the office holds every notice of the case, and its ledger is what they say: a replay gives the same"
as office ledger check
as office case show "$case_number"

say "6. Three refusals, sent past our own client: it is the hub that refuses"
expect() { # what, expected codes, answer
    local codes
    codes=$(jq -r '.leaves[0] | select(.status == "refused") | [.reasons[].code] | sort | join(" ")' <<<"$3")
    printf '   %-42s %s\n' "$1" "$codes"
    [[ $codes == "$2" ]] || { echo "expected: $2; the hub said: $3" >&2; return 1; }
}
raw_notice police agenda_item '{to: ["office"], title: "议题", secrecy: "内部", fields: {summary: "x"}}' \
    >"$work/forged.json"
expect "health signs in the name of police:" "sender_mismatch" \
    "$(submit_raw health "$work/forged.json")"
raw_notice health violation_info_to_market \
    '{to: ["market"], title: "医保领域违规违法信息提供", fields: {decision_date: "2026-03-01"}}' \
    >"$work/not-allowed.json"
expect "health sends what only hsa may send:" "endorsement_missing sender_not_allowed" \
    "$(submit_raw health "$work/not-allowed.json")"
raw_notice hsa ledger_entry \
    '{to: ["police"], title: "别的标题", secrecy: "公开", urgency: "飞快", fields: {track_state: "proposed"}}' \
    >"$work/five-faults.json"
expect "hsa sends a notice with five faults, unsigned:" \
    "endorsement_missing missing_field recipient_not_allowed secrecy_not_allowed title_not_allowed urgency_not_allowed" \
    "$(submit_raw hsa "$work/five-faults.json")"

say "7. The case's trail (办理轨迹): every event of all its notices, proved to stand in the log"
as hsa trail --case "$case_number"

say "8. A log auditor verifies the whole log, trusting no answer of the hub"
tongbao audit verify --sandbox "$dir"
refused=$(tongbao audit entries --count 100000 --sandbox "$dir" --json |
    jq -r '[.entries[] | select(.event == "refused") | .reasons | sort | join(" ")] | sort | .[]')
expected=$(printf '%s\n' "endorsement_missing missing_field recipient_not_allowed secrecy_not_allowed title_not_allowed urgency_not_allowed" \
    sender_mismatch "endorsement_missing sender_not_allowed" | sort)
[[ $(sort <<<"$refused") == "$expected" ]] || {
    echo "the refused entries in the log are not exactly the expected ones: $refused" >&2
    exit 1
}
echo "the log holds exactly the three refusals."

say "What to try next"
cat <<'TEXT'
   export PATH=$PWD/build/dev/bin:$PATH
   tongbao sandbox up --charter jilin --dir ./sandbox     a sandbox that stays
   tongbao charter show --sandbox ./sandbox --as hsa      who may send what to whom
   tongbao send --help                                    send a notice of your own
   tongbao endorse --sandbox ./sandbox --as hsa           what waits for others to sign
   tongbao inbox --sandbox ./sandbox --as office          what arrived at the office
   tongbao audit search --late --sandbox ./sandbox        what was sent too late, by the log
   tongbao sandbox down --dir ./sandbox                   stop it
TEXT
