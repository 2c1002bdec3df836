#include "client/sandbox/sandbox_material.hpp"

#include "crypto/certificate.hpp"
#include "crypto/signing_key.hpp"
#include "crypto/trust_store.hpp"
#include "program/files.hpp"
#include "protocol/charter_json.hpp"
#include "tests/support/command.hpp"
#include "tests/support/must.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <variant>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::must;
using tongbao::testing::TestDirectory;

namespace {

// 2026-01-01T00:00:00Z
constexpr UtcTime kNow{std::chrono::milliseconds(1'767'225'600'000)};
constexpr std::size_t kMaxFile = 4 * 1024 * 1024;

std::string read(const std::filesystem::path& file) {
    Result<std::string> text = program::read_file(file, kMaxFile);
    REQUIRE_MESSAGE(text.has_value(), file.string());
    return *std::move(text);
}

struct CharterOnDisk {
    std::string text;
    Charter charter;
};

CharterOnDisk load(const std::string& relative) {
    std::string text = read(std::filesystem::path(tongbao::testing::source_dir()) / relative);
    protocol::LoadedCharter loaded = protocol::load_charter(text);
    REQUIRE(std::holds_alternative<Charter>(loaded));
    return {std::move(text), std::get<Charter>(std::move(loaded))};
}

/// The certificate's key is the file's, and the trust file lets it be used.
void check_files(const CertificateFiles& files, const crypto::TrustStore& trust,
                 const std::string& name) {
    CAPTURE(name);
    const auto chain = crypto::read_certificates(read(files.certificate));
    REQUIRE(chain.has_value());
    const crypto::Certificate& leaf = chain->front();
    REQUIRE(leaf.spiffe().has_value());
    CHECK(format_spiffe_id(*leaf.spiffe()) == name);
    CHECK(trust.check(leaf, leaf.spiffe()->use, kNow).has_value());
    const Result<std::string> key_text = program::read_secret_file(files.key, kMaxFile);
    REQUIRE(key_text.has_value());
    const Result<crypto::SigningKey> key = crypto::SigningKey::from_pem(*key_text);
    REQUIRE(key.has_value());
    CHECK(key->public_digest() == leaf.public_key_digest());
}

/// Members, office and a local unit.
std::vector<UnitId> units_of(const CharterOnDisk& charter) {
    return sandbox_units(charter.charter,
                         must(sandbox_local_units(charter.charter, {"local.220100.police"})));
}

}  // namespace

TEST_SUITE("sandbox material") {
    TEST_CASE("a local unit takes part if its system is the charter's") {
        const CharterOnDisk guangdong = load("domain/charters/guangdong-2020.json");
        const std::string police = "local.440300.police";
        CHECK(must(sandbox_local_units(guangdong.charter, {police, police})) ==
              std::vector{UnitId(police)});
        for (const std::string id :
             {"police", "local.440300.procuratorate", "local.44.police", "local:police"}) {
            CAPTURE(id);
            const auto refused = sandbox_local_units(guangdong.charter, {id});
            REQUIRE_FALSE(refused.has_value());
            CHECK(refused.error().code == Errc::bad_argument);
            CHECK(refused.error().place == id);
        }
        // It sends what one person issues, and nothing that two approve.
        const std::vector<HeldPost> posts =
            sandbox_posts(guangdong.charter, {UnitId("local.440300.hsa")});
        CHECK(posts == std::vector<HeldPost>{{UnitId("local.440300.hsa"), PostId("issuer")}});
    }

    TEST_CASE("members and office take part and so do all who must sign beside a unit") {
        for (const std::string file :
             {"domain/charters/guangdong-2020.json", "domain/charters/jilin.json"}) {
            CAPTURE(file);
            const CharterOnDisk guangdong = load(file);
            const std::vector<UnitId> units = sandbox_units(guangdong.charter);
            CHECK(std::find(units.begin(), units.end(), UnitId("office")) != units.end());
            CHECK(units.size() == guangdong.charter.units_of("members").size() + 1);
            // Who issues: every unit that sends. Who reviews: those with a kind that two approve.
            std::vector<HeldPost> expected{{UnitId("hsa"), PostId("convener")}};
            for (const UnitId& unit : units) expected.push_back({unit, PostId("issuer")});
            for (const char* const unit : {"audit", "hsa", "office", "police"}) {
                expected.push_back({UnitId(unit), PostId("reviewer")});
            }
            std::sort(expected.begin(), expected.end());
            CHECK(sandbox_posts(guangdong.charter, units) == expected);
        }
    }

    TEST_CASE("a charter's whole sandbox has certificates that its trust file lets pass") {
        const TestDirectory folder("sandbox-material-whole");
        const SandboxLayout layout(folder.path() / "s1");
        std::filesystem::create_directories(layout.folder());
        const CharterOnDisk jilin = load("domain/charters/jilin.json");
        const Checked<SandboxFile> made =
            make_sandbox_material(layout, jilin.charter, jilin.text, units_of(jilin), kNow);
        REQUIRE(made.has_value());
        const std::string domain = jilin.charter.parts().trust_domain;
        const Result<crypto::TrustStore> trust =
            crypto::TrustStore::from_pem(TrustDomain(domain), read(made->ca_file));
        REQUIRE(trust.has_value());
        const std::string prefix = "spiffe://" + domain;
        for (const auto& [id, unit] : made->units) {
            check_files(unit.daemon, *trust, prefix + "/unit/" + id + "/daemon");
            check_files(unit.sign, *trust, prefix + "/unit/" + id + "/sign");
        }
        check_files(made->auditor, *trust, prefix + "/log-auditor/auditor");
        CHECK(made->posts.size() == sandbox_posts(jilin.charter, units_of(jilin)).size());
        for (const SandboxPost& post : made->posts) {
            check_files(post.files, *trust, prefix + "/unit/" + post.unit + "/post/" + post.post);
        }
        check_files({layout.hub() / "hub.pem", layout.hub() / "hub.key"}, *trust, prefix + "/hub");
        CHECK(read(layout.charter()) == jilin.text);
        CHECK(made->hub == ProcessId{});
    }

    TEST_CASE("all but the hub's certificate is enrolled one to a file") {
        const TestDirectory folder("sandbox-material-enrolled");
        const SandboxLayout layout(folder.path());
        const CharterOnDisk jilin = load("domain/charters/jilin.json");
        const Checked<SandboxFile> made =
            make_sandbox_material(layout, jilin.charter, jilin.text, units_of(jilin), kNow);
        REQUIRE(made.has_value());
        std::set<std::string> enrolled;
        std::size_t consents = 0;
        for (const auto& item : std::filesystem::directory_iterator(layout.enrolled())) {
            if (item.path().extension() == ".consent") {
                CHECK(std::filesystem::exists(
                    std::filesystem::path(item.path()).replace_extension(".pem")));
                ++consents;
                continue;
            }
            CHECK(item.path().extension() == ".pem");
            const auto chain = crypto::read_certificates(read(item.path()));
            REQUIRE(chain.has_value());
            CHECK(chain->size() == 1);
            enrolled.insert(format_spiffe_id(*chain->front().spiffe()));
        }
        const std::size_t posts = made->posts.size();
        CHECK(enrolled.size() == 2 * made->units.size() + posts + 1);
        // To each daemon's and post's key; the seals are first keys, the auditor no unit.
        CHECK(consents == made->units.size() + posts);
        CHECK(enrolled.count("spiffe://" + made->trust_domain + "/hub") == 0);
    }

    TEST_CASE("a folder whose path is too long for sockets gets nothing") {
        const TestDirectory folder("sandbox-material-long");
        const SandboxLayout layout(folder.path() / std::string(100, 'x'));
        std::filesystem::create_directories(layout.folder());
        const CharterOnDisk jilin = load("domain/charters/jilin.json");
        const Checked<SandboxFile> made =
            make_sandbox_material(layout, jilin.charter, jilin.text, units_of(jilin), kNow);
        REQUIRE(made.has_error());
        CHECK(made.error().code == Errc::too_large);
        CHECK(std::filesystem::is_empty(layout.folder()));
    }
}
