#include "tests/crypto/log_vectors.hpp"

#include "tests/support/project_paths.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>

namespace tongbao::crypto::test {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("can't read " + path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string vector_path(std::string_view name) {
    return testing::source_dir() + "/tests/data/tlog/" + std::string(name);
}

}  // namespace

VectorKeys read_vector_keys() {
    const nlohmann::json json = nlohmann::json::parse(read_file(vector_path("keys.json")));
    VectorKeys keys{json.at("origin").get<std::string>(),
                    from_hex(json.at("log_seed_hex").get<std::string>()).value(),
                    json.at("log_skey").get<std::string>(),
                    VerifierKey::parse(json.at("log_vkey").get<std::string>()).value(),
                    {},
                    std::chrono::sys_seconds(
                        std::chrono::seconds(json.at("cosignature_time").get<std::int64_t>()))};
    for (const nlohmann::json& witness : json.at("witnesses")) {
        keys.witnesses.push_back(
            {from_hex(witness.at("seed_hex").get<std::string>()).value(),
             VerifierKey::parse(witness.at("vkey").get<std::string>()).value()});
    }
    return keys;
}

std::string read_vector_file(std::size_t size, std::string_view name) {
    return read_file(vector_path("log-" + std::to_string(size) + '/' + std::string(name)));
}

std::vector<Bytes> split_bundle(std::string_view bundle) {
    std::vector<Bytes> entries;
    BytesView rest = as_bytes(bundle);
    while (!rest.empty()) {
        const std::size_t length = static_cast<std::size_t>(rest[0] << 8 | rest[1]);
        entries.push_back(to_bytes(rest.subspan(2, length)));
        rest = rest.subspan(2 + length);
    }
    return entries;
}

std::vector<Digest> split_tile(std::string_view tile) {
    std::vector<Digest> hashes;
    for (BytesView rest = as_bytes(tile); !rest.empty(); rest = rest.subspan(Digest::kSize)) {
        hashes.push_back(Digest::from_bytes(rest.first(Digest::kSize)).value());
    }
    return hashes;
}

std::vector<Digest> read_vector_leaf_hashes(std::size_t size) {
    std::string tiles;
    if (size / kTileWidth == 1) tiles = read_vector_file(size, "tile/0/000");
    if (size % kTileWidth != 0) {
        tiles += read_vector_file(size, "tile/0/00" + std::to_string(size / kTileWidth) + ".p/" +
                                            std::to_string(size % kTileWidth));
    }
    return split_tile(tiles);
}

NodeReader reader_of(const std::vector<Digest>& leaf_hashes) {
    return [&leaf_hashes](unsigned level, std::uint64_t index) -> Result<Digest> {
        const std::size_t width = std::size_t{1} << level;
        const std::size_t begin = index << level;
        if (begin + width > leaf_hashes.size()) return Errc::not_found;
        return tree_root(std::span(leaf_hashes).subspan(begin, width));
    };
}

}  // namespace tongbao::crypto::test
