#include "client/cli/saved_file.hpp"

#include "client/cli/terminal_text.hpp"
#include "domain/code_points.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

namespace tongbao::client {
namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxExtensionBytes = 20;
constexpr std::size_t kDigestDigits = 12;

/// Cuts off the end, between characters.
std::string_view first_bytes(std::string_view text, std::size_t max) {
    std::size_t kept = 0;
    while (kept < text.size()) {
        const std::size_t length = character_length(text.substr(kept));
        if (kept + length > max) break;
        kept += length;
    }
    return text.substr(0, kept);
}

std::string shorten(const std::string& name) {
    if (name.size() <= kMaxNameBytes) return name;
    const std::size_t dot = name.rfind('.');
    const bool has_extension = dot != std::string::npos && name.size() - dot <= kMaxExtensionBytes;
    const std::string extension = has_extension ? name.substr(dot) : std::string();
    return std::string(first_bytes(name, kMaxNameBytes - extension.size())) + extension;
}

std::string replace_harmful(std::string_view name) {
    constexpr std::string_view kForbidden = "<>:\"|?*/\\";
    std::string out;
    while (!name.empty()) {
        const std::size_t length = character_length(name);
        const std::string_view character = name.substr(0, length == 0 ? 1 : length);
        name.remove_prefix(character.size());
        std::string_view rest = character;
        const bool harmful = length == 0 || kForbidden.find(character) != std::string_view::npos ||
                             is_treacherous(take_code_point(rest));
        out += harmful ? std::string_view("_") : character;
    }
    return out;
}

/// The SHA-256 of a file that is there; none if it can't be read.
std::optional<Digest> digest_of(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) return std::nullopt;
    crypto::Sha256 hash;
    std::array<std::uint8_t, 64 * 1024> buffer{};
    ssize_t count = 0;
    do {
        count = ::read(descriptor, buffer.data(), buffer.size());
        if (count > 0) hash.update({buffer.data(), static_cast<std::size_t>(count)});
    } while (count > 0 || (count < 0 && errno == EINTR));
    ::close(descriptor);
    if (count < 0) return std::nullopt;
    return hash.finish();
}

}  // namespace

std::string safe_file_name(const Digest& sha256, std::string_view name) {
    const std::size_t slash = name.find_last_of("/\\");
    if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
    std::string safe = shorten(replace_harmful(name));
    while (!safe.empty() && (safe.back() == '.' || safe.back() == ' ')) safe.pop_back();
    const std::string digits = sha256.hex().substr(0, kDigestDigits);
    return safe.empty() ? digits : digits + '-' + safe;
}

Attempt<SavedFile> SavedFile::create(const std::filesystem::path& folder) {
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    std::string name = (folder / ".tongbao-XXXXXX").string();
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) return SavedFile(descriptor, std::move(name));
    return Failure{program::ExitCode::failed,
                   folder.string() +
                       ": nothing can be written here: is the folder "
                       "there and this user's, and the disk not full?",
                   ""};
}

SavedFile::SavedFile(SavedFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      temporary_(std::exchange(other.temporary_, {})),
      hash_(std::move(other.hash_)) {}

SavedFile::~SavedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> SavedFile::write(BytesView bytes) {
    hash_.update(bytes);
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return Errc::storage_failure;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> SavedFile::keep_as(const std::string& name, const Digest& sha256) {
    if (hash_.finish() != sha256) return Errc::attachment_mismatch;
    if (::fsync(descriptor_) != 0) return Errc::storage_failure;
    const std::string path = (std::filesystem::path(temporary_).parent_path() / name).string();
    // Never over a file that is there. A link does the same where the file system does not know the
    // flag; where it knows no links, as on a USB stick, it knows the flag.
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
        temporary_.clear();
        return {};
    }
    if (errno == EINVAL && ::link(temporary_.c_str(), path.c_str()) == 0) return {};
    if (errno != EEXIST) return Errc::storage_failure;
    if (digest_of(path) == sha256) return {};
    return Errc::already_exists;
}

}  // namespace tongbao::client
