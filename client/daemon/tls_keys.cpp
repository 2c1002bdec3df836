#include "client/daemon/tls_keys.hpp"

#include <utility>

namespace tongbao::client {

Result<std::optional<crypto::Certificate>> TlsKeys::offer(program::TlsMaterial material,
                                                          const Clock& clock) {
    Result<program::TlsEnd> end = program::make_client_end(material, clock);
    if (!end) return end.error();
    const crypto::Certificate leaf = end->certificate;
    Own offered{std::move(material.chain),
                std::make_shared<const crypto::SigningKey>(std::move(material.key)),
                std::make_shared<const program::TlsEnd>(*std::move(end))};
    const std::lock_guard lock(mutex_);
    const bool usable = in_use_ && clock.now() < in_use_->end->certificate.not_after();
    if (!usable || in_use_->end->certificate == leaf) {
        in_use_ = std::move(offered);
        waiting_.reset();
        try_waiting_ = false;
        return std::optional<crypto::Certificate>();
    }
    // The one in use goes on under the new lists.
    Result<program::TlsEnd> renewed =
        program::make_client_end({in_use_->chain, *in_use_->key}, offered.end->trust, clock);
    if (!renewed) return renewed.error();
    in_use_->end = std::make_shared<const program::TlsEnd>(*std::move(renewed));
    const bool news = !waiting_ || waiting_->end->certificate != leaf;
    if (news) try_waiting_ = false;
    waiting_ = std::move(offered);
    return news ? std::optional(leaf) : std::optional<crypto::Certificate>();
}

bool TlsKeys::settle(const crypto::KeyRegister& keys) {
    const std::lock_guard lock(mutex_);
    if (!waiting_) return false;
    const crypto::EnrolledKey* const key = keys.find(waiting_->end->certificate.digest());
    if (key == nullptr || key->revoked) return false;
    in_use_ = std::move(*waiting_);
    waiting_.reset();
    try_waiting_ = false;
    return true;
}

void TlsKeys::failed() {
    const std::lock_guard lock(mutex_);
    try_waiting_ = waiting_ && !try_waiting_;
}

std::shared_ptr<const program::TlsEnd> TlsKeys::next() const {
    const std::lock_guard lock(mutex_);
    if (waiting_ && try_waiting_) return waiting_->end;
    return in_use_ ? in_use_->end : nullptr;
}

std::shared_ptr<const program::TlsEnd> TlsKeys::in_use() const {
    const std::lock_guard lock(mutex_);
    return in_use_ ? in_use_->end : nullptr;
}

std::shared_ptr<const program::TlsEnd> TlsKeys::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_ ? waiting_->end : nullptr;
}

}  // namespace tongbao::client
