#include "hub/upload_ledger.hpp"

#include "protocol/limits.hpp"

#include <algorithm>

namespace tongbao::hub {
namespace {

constexpr std::chrono::minutes kSweepAfter{1};

}  // namespace

UploadLedger::Upload::Upload(Upload&& other) noexcept
    : ledger_(std::exchange(other.ledger_, nullptr)), unit_(std::move(other.unit_)) {}

UploadLedger::Upload::~Upload() {
    if (ledger_ == nullptr) return;
    const std::lock_guard lock(ledger_->mutex_);
    --ledger_->accounts_[unit_].under_way;
}

void UploadLedger::Upload::keep(const Digest& sha256, std::uint64_t size) {
    UploadLedger* const ledger = std::exchange(ledger_, nullptr);
    if (ledger == nullptr) return;
    const std::uint64_t counted = std::max(size, kLeastCounted);
    const std::lock_guard lock(ledger->mutex_);
    Account& account = ledger->accounts_[unit_];
    --account.under_way;
    // Two may have sent the same file at once: it is there once.
    if (!account.kept.try_emplace(sha256, Kept{counted, ledger->clock_.now()}).second) return;
    account.counted += counted;
}

std::uint64_t UploadLedger::free_of(Account& account) const {
    const UtcTime now = clock_.now();
    // Seldom, since it looks at all of them; and at once if the clock went back.
    if (now < account.swept || now >= account.swept + kSweepAfter) {
        account.swept = now;
        std::erase_if(account.kept, [&account, now](const auto& item) {
            const bool old = item.second.at + kWindow <= now;
            if (old) account.counted -= item.second.counted;
            return old;
        });
    }
    const std::uint64_t taken = account.counted + account.under_way * protocol::kMaxAttachmentBytes;
    return most_ - std::min(most_, taken);
}

Result<UploadLedger::Upload> UploadLedger::begin(const UnitId& unit) {
    const std::lock_guard lock(mutex_);
    Account& account = accounts_[unit];
    if (free_of(account) < protocol::kMaxAttachmentBytes) return Errc::too_many_requests;
    ++account.under_way;
    return Upload(*this, unit);
}

void UploadLedger::restore(const UnitId& unit, const Digest& sha256, std::uint64_t size,
                           UtcTime at) {
    const std::uint64_t counted = std::max(size, kLeastCounted);
    const std::lock_guard lock(mutex_);
    Account& account = accounts_[unit];
    if (account.kept.try_emplace(sha256, Kept{counted, at}).second) account.counted += counted;
}

void UploadLedger::named(const UnitId& unit, const Digest& sha256) {
    const std::lock_guard lock(mutex_);
    const auto account = accounts_.find(unit);
    if (account == accounts_.end()) return;
    const auto kept = account->second.kept.find(sha256);
    if (kept == account->second.kept.end()) return;
    account->second.counted -= kept->second.counted;
    account->second.kept.erase(kept);
}

void UploadLedger::named_by(const Notice& notice) {
    for (const AttachmentItem& item : notice.attachments) {
        const auto* const attachment = std::get_if<Attachment>(&item);
        if (attachment != nullptr) named(notice.from, attachment->sha256);
    }
}

}  // namespace tongbao::hub
