#include "hub/head_check.hpp"

#include "crypto/signed_note.hpp"

#include <optional>

namespace tongbao::hub {
namespace {

std::optional<Checkpoint> newest_head(const storage::HeadFile& head_file,
                                      const crypto::VerifierKey& log_key) {
    std::optional<Checkpoint> newest;
    for (const std::string& text : head_file.read()) {
        const Result<Checkpoint> head = crypto::verify_checkpoint(text, log_key);
        if (head && (!newest || newest->size < head->size)) newest = *head;
    }
    return newest;
}

}  // namespace

Result<void> check_head(const MerkleLog& tree, const storage::HeadFile& head_file,
                        const crypto::VerifierKey& log_key, std::string& words) {
    const std::optional<Checkpoint> head = newest_head(head_file, log_key);
    const std::string have = std::to_string(tree.size().value());
    if (!head) {
        if (tree.size().value() == 0) return {};
        words = "the database has " + have +
                " entries, but the head kept outside it is missing or not signed by the log's key; "
                "put the head file back, or restore database and head file from one backup";
        return Errc::head_missing;
    }
    const std::string known = std::to_string(head->size.value());
    if (tree.size() < head->size) {
        words = "the database has " + have + " entries, but " + known +
                " were acknowledged: it is an older copy, or the end of it is lost; put the newest "
                "database back, never start from this one";
        return Errc::log_rolled_back;
    }
    const Result<Digest> root = tree.root_at(head->size);
    if (!root) return root.error();
    if (*root != head->root) {
        words = "the first " + known +
                " entries of the database are not those that were acknowledged: it was altered, or "
                "is the database of another log";
        return Errc::log_forked;
    }
    return {};
}

}  // namespace tongbao::hub
