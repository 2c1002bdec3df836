#include "client/sandbox/sandbox_file.hpp"

#include "client/ca/authority_files.hpp"
#include "domain/bytes.hpp"
#include "program/files.hpp"
#include "protocol/json_value.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

#include <limits>
#include <optional>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;
using protocol::ObjectReader;

constexpr std::size_t kMaxSandboxBytes = 1024 * 1024;
constexpr std::int64_t kMaxPid = 4'194'304;  // PID_MAX_LIMIT of 64-bit Linux
constexpr std::int64_t kMaxTicks = 9'007'199'254'740'991;

void write_process(JsonWriter& json, const ProcessId& process) {
    json.key("pid").number(process.pid);
    json.key("started").number(process.started);
}

ProcessId read_process(ObjectReader& in) {
    ProcessId process;
    process.pid = in.integer("pid", 0, kMaxPid);
    process.started = static_cast<std::uint64_t>(in.integer("started", 0, kMaxTicks));
    return process;
}

void write_files(JsonWriter& json, std::string_view certificate, std::string_view key,
                 const CertificateFiles& files) {
    json.member(certificate, files.certificate.string());
    json.member(key, files.key.string());
}

CertificateFiles read_files(ObjectReader& in, std::string_view certificate, std::string_view key) {
    CertificateFiles files;
    files.certificate = in.text(certificate);
    files.key = in.text(key);
    return files;
}

void write_unit(JsonWriter& json, const SandboxUnit& unit) {
    json.begin_object();
    write_files(json, "daemon_cert", "daemon_key", unit.daemon);
    write_files(json, "sign_cert", "sign_key", unit.sign);
    json.member("socket", unit.socket.string());
    write_process(json, unit.process);
    json.end_object();
}

/// The first fault among readers of one text.
class FirstFault {
public:
    void note(std::optional<Reason> fault) {
        if (!fault_) fault_ = std::move(fault);
    }
    [[nodiscard]] const std::optional<Reason>& fault() const { return fault_; }

private:
    std::optional<Reason> fault_;
};

/// An object inside another, or an empty one with a fault.
const protocol::JsonValue& inner(ObjectReader& in, std::string_view name) {
    static const protocol::JsonValue kNothing{protocol::JsonValue::Object{}};
    const protocol::JsonValue* const found = in.value(name);
    return found == nullptr ? kNothing : *found;
}

void read_units(ObjectReader& in, SandboxFile& out, FirstFault& first) {
    for (const protocol::JsonMember& member : in.object("units")) {
        ObjectReader unit(member.value, in.place_of("units") + '.' + std::string(member.name));
        SandboxUnit read;
        read.daemon = read_files(unit, "daemon_cert", "daemon_key");
        read.sign = read_files(unit, "sign_cert", "sign_key");
        read.socket = unit.text("socket");
        read.process = read_process(unit);
        first.note(unit.finish());
        out.units.emplace(member.name, std::move(read));
    }
}

void read_posts(ObjectReader& in, SandboxFile& out, FirstFault& first) {
    for (const protocol::JsonValue& item : in.array("posts")) {
        ObjectReader post(item, in.place_of("posts"));
        SandboxPost read;
        read.unit = post.text("unit");
        read.post = post.text("post");
        read.files = read_files(post, "cert", "key");
        first.note(post.finish());
        out.posts.push_back(std::move(read));
    }
}

}  // namespace

std::filesystem::path sandbox_json(const std::filesystem::path& folder) {
    return folder / "sandbox.json";
}

std::string format_sandbox(const SandboxFile& sandbox) {
    JsonWriter json;
    json.begin_object();
    json.member("hub_url", sandbox.hub_url);
    json.member("log_vkey", sandbox.log_verifier_key);
    json.member("ca_file", sandbox.ca_file.string());
    json.member("trust_domain", sandbox.trust_domain);
    json.member("charter", sandbox.charter);
    json.member("charter_file", sandbox.charter_file.string());
    if (sandbox.clock) json.member("clock", sandbox.clock->string());
    json.key("hub").begin_object();
    write_process(json, sandbox.hub);
    json.end_object();
    json.key("units").begin_object();
    for (const auto& [id, unit] : sandbox.units) {
        json.key(id);
        write_unit(json, unit);
    }
    json.end_object();
    json.key("auditor").begin_object();
    write_files(json, "cert", "key", sandbox.auditor);
    json.end_object();
    json.key("posts").begin_array();
    for (const SandboxPost& post : sandbox.posts) {
        json.begin_object().member("unit", post.unit).member("post", post.post);
        write_files(json, "cert", "key", post.files);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return json.take();
}

Checked<SandboxFile> parse_sandbox(std::string_view text) {
    const Checked<protocol::JsonDocument> json =
        protocol::read_json(as_bytes(text), kMaxSandboxBytes);
    if (!json) return json.error();
    SandboxFile out;
    FirstFault first;
    ObjectReader in(*json, "");
    out.hub_url = in.text("hub_url");
    out.log_verifier_key = in.text("log_vkey");
    out.ca_file = in.text("ca_file");
    out.trust_domain = in.text("trust_domain");
    out.charter = in.text("charter");
    out.charter_file = in.text("charter_file");
    out.clock = in.optional_text("clock");
    ObjectReader hub(inner(in, "hub"), "hub");
    out.hub = read_process(hub);
    first.note(hub.finish());
    read_units(in, out, first);
    ObjectReader auditor(inner(in, "auditor"), "auditor");
    out.auditor = read_files(auditor, "cert", "key");
    first.note(auditor.finish());
    read_posts(in, out, first);
    first.note(in.finish());
    if (first.fault()) return *first.fault();
    return out;
}

Checked<void> write_sandbox_file(const std::filesystem::path& folder, const SandboxFile& sandbox) {
    return replace_file(sandbox_json(folder), format_sandbox(sandbox) + '\n', kOwnerOnly);
}

Checked<SandboxFile> read_sandbox_file(const std::filesystem::path& folder) {
    const std::filesystem::path path = sandbox_json(folder);
    const Result<std::string> text = program::read_file(path, kMaxSandboxBytes);
    if (!text) {
        return Reason{
            to_errc(text.error()), path.string(),
            "make a sandbox there: tongbao sandbox up --charter NAME --dir " + folder.string()};
    }
    Checked<SandboxFile> read = parse_sandbox(*text);
    if (!read) {
        Reason fault = read.error();
        fault.place = path.string() + ": " + fault.place;
        return fault;
    }
    return read;
}

}  // namespace tongbao::client
