#include "client/daemon/own_enrolments.hpp"

#include "client/ca/enrolment_request.hpp"
#include "crypto/certificate.hpp"
#include "program/files.hpp"

#include <utility>

namespace tongbao::client {
namespace {

constexpr std::size_t kMaxKnownBytes = 1024 * 1024;
constexpr std::size_t kMaxFileBytes = 1024 * 1024;

std::vector<std::filesystem::path> watched(const std::optional<std::filesystem::path>& requests) {
    if (!requests) return {};
    return {*requests};
}

/// The keys of a certificate or a chain, as far as it can be read.
void add_certificates(std::string_view pem, std::set<Digest>& keys) {
    const Result<std::vector<crypto::Certificate>> chain = crypto::read_certificates(pem);
    if (!chain || chain->empty()) return;
    keys.insert(chain->front().public_key_digest());
}

/// The keys of a request that this unit made.
void add_request(std::string_view text, const UnitId& unit, std::set<Digest>& keys) {
    const Checked<EnrolmentRequest> request = parse_enrolment_request(text);
    if (!request || request->unit != unit) return;
    for (const RequestedKey& key : request->keys) keys.insert(key.public_key_digest);
}

void add_file(const std::filesystem::path& file, const UnitId& unit, std::set<Digest>& keys) {
    const bool json = file.extension() == ".json";
    if (!json && file.extension() != ".pem") return;
    const Result<std::string> text = program::read_file(file, kMaxFileBytes);
    if (!text) return;
    if (json) {
        add_request(*text, unit, keys);
    } else {
        add_certificates(*text, keys);
    }
}

}  // namespace

OwnEnrolments::OwnEnrolments(UnitId unit, std::filesystem::path known,
                             std::optional<std::filesystem::path> requests,
                             program::Logging& logging)
    : unit_(std::move(unit)),
      known_file_(std::move(known)),
      requests_(std::move(requests)),
      logging_(logging),
      watched_(watched(requests_)) {}

Result<void> OwnEnrolments::open() {
    const Result<std::string> text = program::read_file(known_file_, kMaxKnownBytes);
    if (!text && text.error() != Errc::not_found) return text.error();
    std::string_view rest = text ? std::string_view(*text) : std::string_view();
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return Errc::storage_corrupt;
        const Result<Digest> key = Digest::from_hex(rest.substr(0, end));
        if (!key) return Errc::storage_corrupt;
        known_.insert(*key);
        rest.remove_prefix(end + 1);
    }
    read_requests();
    return {};
}

Result<void> OwnEnrolments::know(std::span<const Digest> public_keys) {
    const std::size_t before = known_.size();
    known_.insert(public_keys.begin(), public_keys.end());
    if (known_.size() == before) return {};
    std::string text;
    for (const Digest& key : known_) text += key.hex() + '\n';
    return program::write_file(known_file_, text, 0600);
}

bool OwnEnrolments::look() {
    if (!requests_ || !watched_.look()) return false;
    watched_.good();
    read_requests();
    return true;
}

void OwnEnrolments::read_requests() {
    requested_.clear();
    if (!requests_) return;
    std::error_code error;
    std::filesystem::directory_iterator each(*requests_, error);
    for (const std::filesystem::directory_iterator end; !error && each != end;
         each.increment(error)) {
        add_file(each->path(), unit_, requested_);
    }
    if (!error) return;
    logging_.warning("requests_not_read",
                     {{"folder", requests_->string()},
                      {"words", error.message()},
                      {"consequence", "keys that were asked for there raise an alarm"}});
}

std::vector<UnaskedKey> OwnEnrolments::unasked(const crypto::KeyRegister& keys) const {
    std::vector<UnaskedKey> found;
    for (const crypto::EnrolledKey& key : keys.keys()) {
        if (key.revoked || key.id.unit != unit_) continue;
        const Digest& public_key = key.certificate.public_key_digest();
        if (known_.contains(public_key) || requested_.contains(public_key)) continue;
        found.push_back(
            {format_spiffe_id(key.id), key.certificate.digest(), public_key, key.enrolled});
    }
    return found;
}

std::string alarm_words(const UnaskedKey& key) {
    return std::string(code(Errc::key_not_asked_for)) + ": " +
           std::string(sentence(Errc::key_not_asked_for)) + " (" + key.spiffe + ", entry " +
           std::to_string(key.enrolled.value()) + ", public key " + key.public_key.hex() + ')';
}

}  // namespace tongbao::client
