#include "hub/head_check.hpp"

#include "crypto/signed_note.hpp"
#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao::hub {
namespace {

using testing::HubParts;

/// The head that some key signed for a log of this size and root.
std::string head_of(TreeSize size, const Digest& root, const crypto::NoteSigner& signer) {
    const std::string text = format_checkpoint({LogOrigin("hub.test.example/log"), size, root});
    return crypto::sign_note(text, signer);
}

Result<void> check(HubParts& parts) {
    return check_head(*parts.tree, parts.head_file, parts.signer.verifier_key(), parts.words);
}

/// A log with the register and three notices.
void fill(HubParts& parts) {
    parts.start();
    for (std::uint16_t number = 1; number <= 3; ++number) {
        const Bytes leaf = testing::leaf_of(testing::numbered_alarm(number));
        REQUIRE(testing::accepted_at(parts.send("lake", leaf)));
    }
}

TEST_SUITE("head check") {
    TEST_CASE("an empty log without a head is a new one") {
        HubParts parts;
        CHECK(check(parts).has_value());
    }

    TEST_CASE("a database at its newest head or ahead of it starts") {
        HubParts parts;
        fill(parts);
        REQUIRE(parts.head_file.slots.size() == 2);
        CHECK(check(parts).has_value());
        parts.head_file.slots.erase(parts.head_file.slots.begin());
        CHECK(check(parts).has_value());
    }

    TEST_CASE("a database behind its newest head was rolled back") {
        HubParts parts;
        fill(parts);
        const TreeSize longer(parts.tree->size().value() + 1);
        // In either slot: the newest genuine head counts, not the first.
        for (const bool first : {true, false}) {
            parts.head_file.slots = {head_of(parts.tree->size(), parts.tree->root(), parts.signer)};
            parts.head_file.slots.insert(
                first ? parts.head_file.slots.begin() : parts.head_file.slots.end(),
                head_of(longer, parts.tree->root(), parts.signer));
            CHECK(check(parts).error() == Errc::log_rolled_back);
            CHECK(parts.words.find(std::to_string(longer.value())) != std::string::npos);
        }
    }

    TEST_CASE("an empty database with a head was rolled back") {
        HubParts parts;
        parts.head_file.slots = {head_of(TreeSize(1), Digest(), parts.signer)};
        CHECK(check(parts).error() == Errc::log_rolled_back);
    }

    TEST_CASE("a database with another root at the head's size is another log") {
        HubParts parts;
        fill(parts);
        for (const std::uint64_t size : {std::uint64_t{5}, parts.tree->size().value()}) {
            parts.head_file.slots = {head_of(TreeSize(size), Digest(), parts.signer)};
            CHECK(check(parts).error() == Errc::log_forked);
        }
    }

    TEST_CASE("a database with entries needs a head that its own key signed") {
        HubParts parts;
        fill(parts);
        const crypto::NoteSigner other = testing::log_signer(2);
        const std::string foreign = head_of(parts.tree->size(), parts.tree->root(), other);
        parts.head_file.slots.clear();
        CHECK(check(parts).error() == Errc::head_missing);
        parts.head_file.slots = {"not a note", foreign};
        CHECK(check(parts).error() == Errc::head_missing);
    }

    TEST_CASE("a head of a foreign key is ignored beside a genuine one") {
        HubParts parts;
        fill(parts);
        const TreeSize longer(parts.tree->size().value() + 1);
        parts.head_file.slots = {head_of(longer, Digest(), testing::log_signer(2)),
                                 head_of(parts.tree->size(), parts.tree->root(), parts.signer)};
        CHECK(check(parts).has_value());
    }
}

}  // namespace
}  // namespace tongbao::hub
