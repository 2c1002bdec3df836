#pragma once

#include "hub/sequencer.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/support/faulty_hub_store.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// Collects answers from the sequencer's thread.
class Answers {
public:
    hub::Sequencer::Answer take(std::size_t place) {
        return [this, place](Checked<hub::SequencedBatch> batch) {
            const std::lock_guard lock(mutex_);
            answers_.emplace(place, std::move(batch));
            arrived_.notify_all();
        };
    }

    [[nodiscard]] Checked<hub::SequencedBatch> verdict(std::size_t place) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return answers_.contains(place); });
        return answers_.at(place);
    }

    [[nodiscard]] hub::SequencedBatch wait(std::size_t place) {
        const Checked<hub::SequencedBatch> batch = verdict(place);
        REQUIRE(batch.has_value());
        return *batch;
    }

    [[nodiscard]] std::size_t count() {
        const std::lock_guard lock(mutex_);
        return answers_.size();
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<std::size_t, Checked<hub::SequencedBatch>> answers_;
};

/// A running sequencer that writes to `parts`, through a store that counts its commits.
struct Running {
    explicit Running(HubParts& hub)
        : parts(hub), counted(hub.store, 0, storage::FaultyHubStore::When::before) {}

    [[nodiscard]] hub::Sequencer make(
        hub::Sequencer::Bell bell = [](const std::set<UnitId>&) {},
        std::chrono::milliseconds sync_head_within = std::chrono::hours(1)) {
        return {parts.deployment,
                {counted, parts.head_file, *parts.tree, parts.head, parts.signer},
                parts.notices,
                parts.clock,
                must(hub::last_entry_time(parts.store)),
                logging,
                std::move(bell),
                {.refusals_per_hour = 1000,
                 .sync_head_within = sync_head_within,
                 .room = [this](std::uint64_t bytes) -> Result<void> {
                     ++asked_for_room;
                     asked_for_room.notify_all();
                     if (bytes > room) return Errc::storage_full;
                     return {};
                 },
                 .clock_told = [this](const hub::ClockNews& news) { told.push_back(news.ahead); },
                 .look_every = std::chrono::milliseconds(1)}};
    }

    HubParts& parts;
    storage::FaultyHubStore counted;
    program::Logging logging{"hub_tests", program::LogLevel::error};
    std::atomic<std::uint64_t> room{1'000'000'000};
    /// How often the sequencer asked whether there is room.
    std::atomic<std::uint64_t> asked_for_room{0};
    std::vector<std::chrono::milliseconds> told;
};

/// Holds the thread of a sequencer that has its bell behind the next commit, until it is opened:
/// what is submitted meanwhile shares the next round.
class Gate {
public:
    [[nodiscard]] hub::Sequencer::Bell bell() {
        return [this](const std::set<UnitId>&) { const std::lock_guard wait(mutex_); };
    }
    void open() { closed_.unlock(); }

private:
    std::mutex mutex_;
    std::unique_lock<std::mutex> closed_{mutex_};
};

/// A started hub, what its sequencer needs, and what that answers.
struct Sequencing {
    HubParts parts;
    Running running{parts};
    Answers answers;

    Sequencing() { parts.start(); }

    /// Submits lake's alarm of this number, which is answered at the same place.
    [[nodiscard]] Result<void> submit(hub::Sequencer& sequencer, std::uint16_t number) {
        return sequencer.submit(parts.admitted("lake", {leaf_of(numbered_alarm(number))}),
                                answers.take(number));
    }
    /// The same, and waits for the answer.
    [[nodiscard]] hub::SequencedBatch commit(hub::Sequencer& sequencer, std::uint16_t number) {
        REQUIRE(submit(sequencer, number).has_value());
        return answers.wait(number);
    }
};

}  // namespace tongbao::testing
