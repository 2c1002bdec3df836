#include "client/daemon/seal_keys.hpp"

#include <utility>

namespace tongbao::client {
namespace {

bool in_force(const crypto::KeyRegister& keys, const crypto::StatementSigner& signer) {
    const crypto::EnrolledKey* const key = keys.find(signer.certificate().digest());
    return key != nullptr && !key->revoked;
}

}  // namespace

std::shared_ptr<const crypto::StatementSigner> SealKeys::in_use() const {
    const std::lock_guard lock(mutex_);
    return in_use_;
}

std::shared_ptr<const crypto::StatementSigner> SealKeys::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
}

bool SealKeys::refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
}

bool SealKeys::offer(std::shared_ptr<const crypto::StatementSigner> key) {
    const std::lock_guard lock(mutex_);
    if (key->certificate() == in_use_->certificate()) {
        waiting_.reset();
        return false;
    }
    if (waiting_ && key->certificate() == waiting_->certificate()) return false;
    waiting_ = std::move(key);
    return true;
}

bool SealKeys::settle(const crypto::KeyRegister& keys) {
    const std::lock_guard lock(mutex_);
    const bool takes_over = waiting_ && in_force(keys, *waiting_);
    if (takes_over) in_use_ = std::exchange(waiting_, nullptr);
    refused_ = !in_force(keys, *in_use_);
    return takes_over;
}

}  // namespace tongbao::client
