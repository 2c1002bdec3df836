#pragma once

#include "client/cli/failure.hpp"
#include "transport/http_client.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace tongbao::client {

/// A file that a command uploads, read piece by piece: memory does not grow with its size.
class LocalFile {
public:
    /// Opens a regular file of at most protocol::kMaxAttachmentBytes. Fails with ExitCode::usage if
    /// there is none, if it can't be read or is larger.
    [[nodiscard]] static Attempt<LocalFile> open(const std::filesystem::path& path);

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Its bytes from where reading stopped; keeps the file open. Its error is
    /// Errc::storage_failure.
    [[nodiscard]] transport::BodySource source() const;

private:
    LocalFile(std::shared_ptr<std::FILE> file, std::uint64_t size, std::filesystem::path path)
        : file_(std::move(file)), size_(size), path_(std::move(path)) {}

    /// Shared with the sources made of it, which are copied.
    std::shared_ptr<std::FILE> file_;
    std::uint64_t size_;
    std::filesystem::path path_;
};

/// The media type by the name's extension, in any case of letters: pdf, ofd, json, jpg, jpeg, png,
/// txt, zip, docx, xlsx; else application/octet-stream.
[[nodiscard]] std::string_view media_type_of(const std::filesystem::path& path);

}  // namespace tongbao::client
