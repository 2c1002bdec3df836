#include "client/ca/enrolment_request.hpp"

#include "client/ca/enrolled_files.hpp"
#include "crypto/certification_request.hpp"
#include "crypto/key_consent.hpp"
#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tongbao::client {
namespace {

using protocol::JsonDocument;
using protocol::JsonValue;
using protocol::ObjectReader;

constexpr std::string_view kRequestFormat = "tongbao/enrolment-request/v1";

/// The key that a PKCS#10 request or a certificate holds, under the name that it bears itself.
Checked<RequestedKey> key_from(ObjectReader& in, const std::string& place) {
    const std::optional<std::string> request = in.optional_text("request");
    const std::optional<std::string> certificate = in.optional_text("certificate");
    if (const auto& fault = in.fault()) return *fault;
    if (request.has_value() == certificate.has_value()) {
        return Reason{Errc::missing_member, place, "either `request` or `certificate`"};
    }
    if (request) {
        const auto asked = crypto::read_certification_request(*request);
        if (!asked) return Reason{to_errc(asked.error()), place + ".request", ""};
        return RequestedKey{asked->id, asked->public_key, asked->public_key_digest, *request,
                            std::nullopt};
    }
    const auto read = crypto::Certificate::from_pem(*certificate);
    if (!read) return Reason{to_errc(read.error()), place + ".certificate", ""};
    if (!read->spiffe()) {
        return Reason{to_errc(read->spiffe().error()), place + ".certificate", ""};
    }
    return RequestedKey{*read->spiffe(), to_bytes(read->public_key_der()),
                        read->public_key_digest(), "", *read};
}

Checked<RequestedKey> read_key(const JsonValue& value, const std::string& place) {
    ObjectReader in(value, place);
    const std::string spiffe = in.text("spiffe");
    Checked<RequestedKey> key = key_from(in, place);
    if (const auto fault = in.finish()) return *fault;
    if (!key) return key.error();
    if (format_spiffe_id(key->id) != spiffe) {
        return Reason{Errc::certificate_wrong_name, place,
                      "the name beside the request is not the one that it asks for"};
    }
    return key;
}

std::optional<SignedConsent> read_consent(ObjectReader& outer) {
    if (!outer.has("consent")) return std::nullopt;
    const JsonValue* const value = outer.value("consent");
    if (value == nullptr) return std::nullopt;
    ObjectReader in(*value, "consent");
    SignedConsent consent{in.text("text"), in.base64("signature")};
    if (const auto fault = in.finish()) outer.fail(fault->code, fault->place, fault->explanation);
    return consent;
}

Checked<void> check_keys(const EnrolmentRequest& request) {
    if (request.keys.empty() || request.keys.size() > crypto::kMaxConsentedKeys) {
        return Reason{Errc::bad_value, "keys", "from 1 to 32 keys"};
    }
    std::set<Digest> seen;
    std::set<std::string> names;
    for (std::size_t i = 0; i < request.keys.size(); ++i) {
        const RequestedKey& key = request.keys[i];
        const std::string place = "keys[" + std::to_string(i) + ']';
        if (key.id.trust_domain != request.trust_domain || key.id.unit != request.unit) {
            return Reason{Errc::certificate_wrong_name, place,
                          "not a name of this unit in this trust domain"};
        }
        if (!seen.insert(key.public_key_digest).second) {
            return Reason{Errc::already_exists, place, "one key serves one use"};
        }
        if (!names.insert(format_spiffe_id(key.id)).second) {
            return Reason{Errc::already_exists, place, "a request has one key for each name"};
        }
    }
    return {};
}

Reason wrong_consent(std::string words) {
    return {Errc::consent_invalid, "consent", std::move(words)};
}

Checked<void> check_consent(const EnrolmentRequest& request) {
    if (!request.consent) {
        const bool first_alone =
            request.keys.size() == 1 && request.keys.front().id.use == CertificateUse::sign;
        if (first_alone) return {};
        return Reason{Errc::consent_missing, "consent",
                      "only a request for the first sign key alone goes without consent"};
    }
    const Result<crypto::KeyConsent> said = crypto::parse_key_consent(request.consent->text);
    if (!said) return wrong_consent("it can't be read");
    if (said->origin != log_origin(request.trust_domain) || said->unit != request.unit) {
        return wrong_consent("it is for another log or unit");
    }
    std::vector<crypto::ConsentedKey> wanted;
    for (const RequestedKey& key : request.keys) {
        if (key.public_key_digest != said->by) wanted.push_back({key.id, key.public_key_digest});
    }
    const bool same =
        std::is_permutation(wanted.begin(), wanted.end(), said->keys.begin(), said->keys.end());
    if (!same) return wrong_consent("it is not to just these keys");
    const RequestedKey* const first = request.first_key();
    if (first == nullptr) return {};
    if (first->id.use != CertificateUse::sign ||
        !crypto::open_key_consent(*request.consent, first->public_key)) {
        return wrong_consent("its signature is not that of the new sign key");
    }
    return {};
}

}  // namespace

std::optional<Digest> EnrolmentRequest::consenting_key() const {
    if (!consent) return std::nullopt;
    const Result<crypto::KeyConsent> said = crypto::parse_key_consent(consent->text);
    if (!said) return std::nullopt;
    return said->by;
}

const RequestedKey* EnrolmentRequest::first_key() const {
    if (!consent) return keys.empty() ? nullptr : &keys.front();
    const std::optional<Digest> by = consenting_key();
    const auto found = std::find_if(keys.begin(), keys.end(), [&by](const RequestedKey& key) {
        return by == key.public_key_digest;
    });
    return found == keys.end() ? nullptr : &*found;
}

std::string format_enrolment_request(const EnrolmentRequest& request) {
    protocol::JsonWriter json;
    json.begin_object()
        .member("format", kRequestFormat)
        .member("trust_domain", request.trust_domain.value())
        .member("unit", request.unit.value())
        .key("keys")
        .begin_array();
    for (const RequestedKey& key : request.keys) {
        json.begin_object().member("spiffe", format_spiffe_id(key.id));
        if (key.certificate) {
            json.member("certificate", key.certificate->pem());
        } else {
            json.member("request", key.request);
        }
        json.end_object();
    }
    json.end_array();
    if (request.consent) {
        json.key("consent")
            .begin_object()
            .member("text", request.consent->text)
            .member("signature", to_base64(request.consent->signature))
            .end_object();
    }
    json.end_object();
    return json.take();
}

Checked<EnrolmentRequest> parse_enrolment_request(std::string_view text) {
    const Checked<JsonDocument> value = protocol::read_json(as_bytes(text), kMaxRequestBytes);
    if (!value) return value.error();
    ObjectReader in(*value, "");
    in.literal("format", kRequestFormat, Errc::unknown_format);
    EnrolmentRequest request;
    const Result<TrustDomain> trust_domain = parse_trust_domain(in.text("trust_domain"));
    if (!trust_domain) in.fail(Errc::bad_value, "trust_domain", "must be a trust domain");
    const Result<UnitId> unit = parse_unit_id(in.text("unit"));
    if (!unit) in.fail(Errc::bad_value, "unit", "the id of a unit");
    const JsonValue::Array& keys = in.array("keys");
    request.consent = read_consent(in);
    if (const auto fault = in.finish()) return *fault;
    request.trust_domain = *trust_domain;
    request.unit = *unit;
    for (std::size_t i = 0; i < keys.size() && i <= crypto::kMaxConsentedKeys; ++i) {
        Checked<RequestedKey> key = read_key(keys[i], "keys[" + std::to_string(i) + ']');
        if (!key) return key.error();
        request.keys.push_back(*std::move(key));
    }
    const Checked<void> keys_good = check_keys(request);
    if (!keys_good) return keys_good.error();
    const Checked<void> consent_good = check_consent(request);
    if (!consent_good) return consent_good.error();
    return request;
}

}  // namespace tongbao::client
