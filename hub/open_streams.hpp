#pragma once

#include "domain/digest.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace tongbao::hub {

/// The streams that are open, each with the certificate that opened it: so that they can be told
/// why they end when their certificate stops counting. Thread-safe.
class OpenStreams {
public:
    /// Ends the stream for this reason; called from any thread, must not block.
    using End = std::function<void(const Reason&)>;

    /// Stands in the list while it lives.
    class Place {
    public:
        Place(OpenStreams& streams, std::uint64_t number) : streams_(streams), number_(number) {}
        ~Place() { streams_.remove(number_); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        Place(Place&&) = delete;
        Place& operator=(Place&&) = delete;

    private:
        OpenStreams& streams_;
        std::uint64_t number_;
    };

    /// `certificate` is the SHA-256 of the certificate.
    [[nodiscard]] std::unique_ptr<Place> enter(const Digest& certificate, End end) {
        const std::lock_guard lock(mutex_);
        const std::uint64_t number = next_++;
        streams_.emplace(number, Stream{certificate, std::move(end)});
        return std::make_unique<Place>(*this, number);
    }

    /// Ends every stream whose certificate `keep` gives an error for, with that as the reason.
    void end_unless(const std::function<Result<void>(const Digest& certificate)>& keep) {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, stream] : streams_) {
            const Result<void> kept = keep(stream.certificate);
            if (!kept) stream.end({to_errc(kept.error()), "certificate", {}});
        }
    }

private:
    struct Stream {
        Digest certificate;
        End end;
    };

    void remove(std::uint64_t number) {
        const std::lock_guard lock(mutex_);
        streams_.erase(number);
    }

    std::mutex mutex_;
    std::uint64_t next_{0};
    std::map<std::uint64_t, Stream> streams_;
};

}  // namespace tongbao::hub
