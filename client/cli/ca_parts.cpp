#include "client/cli/ca_parts.hpp"

#include "client/ca/fingerprint.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/passphrase_prompt.hpp"
#include "program/key_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <utility>

namespace tongbao::client {
namespace {

constexpr std::string_view kPassphraseCure =
    "a passphrase file is its owner's alone (chmod 600) and has the passphrase in its first line";

}  // namespace

Attempt<UtcTime> present_time(const Invocation& invocation) {
    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    return (*clock)->now();
}

void keep_to_owner() {
    constexpr mode_t kNobodyElse = 077;
    ::umask(kNobodyElse);
}

AskPassphrase passphrase_from(const std::string& file) {
    return [file](const std::filesystem::path& key) -> Checked<crypto::SecretBytes> {
        if (!file.empty()) {
            Result<crypto::SecretBytes> read = program::read_passphrase_file(file);
            if (read) return *std::move(read);
            return file_reason(read.error(), file, kPassphraseCure);
        }
        std::optional<crypto::SecretBytes> typed =
            crypto::ask_passphrase("Passphrase of " + printable(key.string()) + ": ", false);
        if (typed) return *std::move(typed);
        return file_reason(Errc::wrong_passphrase, key,
                           "this key is encrypted: give --passphrase-file, or type its passphrase "
                           "at a terminal");
    };
}

Attempt<std::optional<crypto::SecretBytes>> new_passphrase(const std::string& file, bool wanted) {
    if (!file.empty()) {
        Result<crypto::SecretBytes> read = program::read_passphrase_file(file);
        if (read) return std::optional(*std::move(read));
        return local_failure(file_reason(read.error(), file, kPassphraseCure));
    }
    if (!wanted) return std::optional<crypto::SecretBytes>();
    std::optional<crypto::SecretBytes> typed = crypto::ask_passphrase("New passphrase: ", true);
    if (typed) return std::optional(*std::move(typed));
    return usage_failure(
        "--encrypt needs a terminal on which the same passphrase is typed twice, or "
        "--passphrase-file");
}

Attempt<CaFolder> open_authority(const std::string& folder, const std::string& passphrase_file) {
    Checked<CaFolder> opened = CaFolder::open(folder, passphrase_from(passphrase_file));
    if (!opened) return local_failure(opened.error());
    return *std::move(opened);
}

void print_fingerprint(std::ostream& out, std::string_view name, const Digest& public_key) {
    out << printable(name) << "\n    " << fingerprint_code(public_key) << "\n    "
        << printable_lines(fingerprint_words(public_key), "    ") << '\n';
}

void write_fingerprint(protocol::JsonWriter& json, const Digest& public_key) {
    std::string words = fingerprint_words(public_key);
    for (char& character : words) {
        if (character == '\n') character = ' ';
    }
    json.member("public_key", public_key.hex())
        .member("code", fingerprint_code(public_key))
        .member("words", words);
}

std::optional<std::string> ask_line(const std::string& question) {
    if (::isatty(STDIN_FILENO) != 1) return std::nullopt;
    std::cerr << question << ' ' << std::flush;
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line;
}

}  // namespace tongbao::client
