#include "client/ca/ca_index.hpp"

#include "domain/bytes.hpp"
#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongbao::client {
namespace {

using crypto::RevocationReason;
using protocol::JsonWriter;
using protocol::ObjectReader;

constexpr std::string_view kIndexFormat = "tongbao/ca-index/v1";
constexpr std::size_t kMaxIndexBytes = 64 * 1024 * 1024;
constexpr std::int64_t kMaxListNumber = 9'007'199'254'740'991;

constexpr std::array kReasons{
    std::pair(RevocationReason::unspecified, std::string_view("unspecified")),
    std::pair(RevocationReason::key_compromise, std::string_view("key_compromise")),
    std::pair(RevocationReason::affiliation_changed, std::string_view("affiliation_changed")),
    std::pair(RevocationReason::superseded, std::string_view("superseded")),
    std::pair(RevocationReason::cessation_of_operation, std::string_view("cessation_of_operation")),
};

void write_issued(JsonWriter& json, const IssuedCertificate& issued) {
    json.begin_object();
    json.member("serial", issued.serial);
    json.member("spiffe", issued.spiffe);
    json.member("sha256", issued.sha256.hex());
    json.member("public_key", issued.public_key.hex());
    json.member("not_before", format_utc(issued.not_before));
    json.member("not_after", format_utc(issued.not_after));
    if (issued.revoked) {
        json.member("revoked", format_utc(issued.revoked->time));
        json.member("reason", word(issued.revoked->reason));
        if (issued.revoked->compromised_since) {
            json.member("compromised_since", format_utc(*issued.revoked->compromised_since));
        }
    }
    json.end_object();
}

void write_all(JsonWriter& json, const std::vector<IssuedCertificate>& issued) {
    json.begin_array();
    for (const IssuedCertificate& each : issued) write_issued(json, each);
    json.end_array();
}

std::optional<IssuedCertificate::Revoked> read_revoked(ObjectReader& in) {
    if (!in.has("revoked")) return std::nullopt;
    IssuedCertificate::Revoked revoked{in.utc_time("revoked"), {}};
    const std::optional<RevocationReason> reason = revocation_reason_from_word(in.text("reason"));
    if (!reason) in.fail(Errc::bad_value, "reason");
    revoked.reason = reason.value_or(RevocationReason::unspecified);
    if (in.has("compromised_since")) revoked.compromised_since = in.utc_time("compromised_since");
    return revoked;
}

Checked<IssuedCertificate> read_issued(const protocol::JsonValue& value, std::string place) {
    ObjectReader in(value, std::move(place));
    IssuedCertificate issued;
    issued.serial = in.text("serial");
    issued.spiffe = in.text("spiffe");
    issued.sha256 = in.digest_hex("sha256");
    issued.public_key = in.digest_hex("public_key");
    issued.not_before = in.utc_time("not_before");
    issued.not_after = in.utc_time("not_after");
    issued.revoked = read_revoked(in);
    const std::optional<Reason> fault = in.finish();
    if (fault) return *fault;
    return issued;
}

}  // namespace

std::string_view word(RevocationReason reason) noexcept {
    const auto* const found =
        std::find_if(kReasons.begin(), kReasons.end(),
                     [reason](const auto& each) { return each.first == reason; });
    return found == kReasons.end() ? "unspecified" : found->second;
}

std::optional<RevocationReason> revocation_reason_from_word(std::string_view text) noexcept {
    const auto* const found = std::find_if(
        kReasons.begin(), kReasons.end(), [text](const auto& each) { return each.second == text; });
    if (found == kReasons.end()) return std::nullopt;
    return found->first;
}

std::string format_ca_index(const CaIndex& index) {
    JsonWriter json;
    json.begin_object();
    json.member("format", kIndexFormat);
    json.member("trust_domain", index.trust_domain.value());
    json.key("root_list").number(index.root_list);
    json.key("issuing_list").number(index.issuing_list);
    json.key("issued");
    write_all(json, index.issued);
    json.end_object();
    return json.take();
}

std::string format_issued(const std::vector<IssuedCertificate>& issued) {
    JsonWriter json;
    write_all(json, issued);
    return json.take();
}

Checked<CaIndex> parse_ca_index(std::string_view text) {
    const Checked<protocol::JsonDocument> json =
        protocol::read_json(as_bytes(text), kMaxIndexBytes);
    if (!json) return json.error();
    ObjectReader in(*json, "");
    CaIndex index;
    in.literal("format", kIndexFormat, Errc::unknown_format);
    const Result<TrustDomain> trust_domain = parse_trust_domain(in.text("trust_domain"));
    if (!trust_domain) in.fail(Errc::bad_value, "trust_domain", "must be a trust domain");
    if (trust_domain) index.trust_domain = *trust_domain;
    index.root_list = static_cast<std::uint64_t>(in.integer("root_list", 0, kMaxListNumber));
    index.issuing_list = static_cast<std::uint64_t>(in.integer("issuing_list", 0, kMaxListNumber));
    for (const protocol::JsonValue& item : in.array("issued")) {
        const std::string place = "issued[" + std::to_string(index.issued.size()) + "]";
        Checked<IssuedCertificate> issued = read_issued(item, place);
        if (!issued) return issued.error();
        index.issued.push_back(*std::move(issued));
    }
    const std::optional<Reason> fault = in.finish();
    if (fault) return *fault;
    return index;
}

}  // namespace tongbao::client
