#include "client/cli/draft.hpp"

#include "client/cli/field_argument.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/local_file.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/charter_json.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

struct AttachedFile {
    std::string kind;
    LocalFile file;
};

using WrittenFields = std::vector<WrittenField>;

Attempt<WrittenFields> collect_fields(const DraftArguments& arguments, const Kind* kind) {
    WrittenFields fields;
    if (!arguments.fields_file.empty()) {
        Attempt<WrittenFields> read = read_fields_file(arguments.fields_file);
        if (!read) return read.error();
        fields = *std::move(read);
    }
    for (const std::string& argument : arguments.fields) {
        const Attempt<NamedArgument> named = split_argument("--field", argument);
        if (!named) return named.error();
        const bool given =
            std::any_of(fields.begin(), fields.end(),
                        [&](const WrittenField& field) { return field.name == named->name; });
        if (given) {
            return usage_failure("the field " + printable(named->name) + " is given twice");
        }
        Attempt<std::string> value = typed_value(kind, *named);
        if (!value) return value.error();
        fields.push_back({named->name, *std::move(value)});
    }
    return fields;
}

Attempt<std::vector<AttachedFile>> open_files(const DraftArguments& arguments) {
    std::vector<AttachedFile> files;
    for (const std::string& argument : arguments.attachments) {
        const Attempt<NamedArgument> named = split_argument("--attach", argument);
        if (!named) return named.error();
        const Attempt<LocalFile> file = LocalFile::open(named->value);
        if (!file) return file.error();
        files.push_back(AttachedFile{named->name, *file});
    }
    return files;
}

Attempt<void> write_files(JsonWriter& writer, const std::vector<AttachedFile>& files,
                          DaemonClient& daemon) {
    for (const AttachedFile& attached : files) {
        const Attempt<Digest> digest = daemon.upload(attached.file);
        if (!digest) {
            Failure failure = digest.error();
            failure.words = attached.file.path().string() + ": " + failure.words;
            return failure;
        }
        writer.begin_object()
            .member("kind", attached.kind)
            .member("name", attached.file.path().filename().string())
            .member("media_type", media_type_of(attached.file.path()))
            .member("sha256", digest->hex())
            .end_object();
    }
    return {};
}

void write_texts(JsonWriter& writer, std::string_view name, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    writer.key(name).begin_array();
    for (const std::string& text : texts) writer.text(text);
    writer.end_array();
}

void write_given(JsonWriter& writer, std::string_view name, const std::string& text) {
    if (!text.empty()) writer.member(name, text);
}

/// Every argument, since the writer takes well-formed UTF-8 only.
Attempt<void> check_encoding(const DraftArguments& arguments) {
    std::vector<std::string> all{arguments.kind,   arguments.case_number, arguments.in_reply_to,
                                 arguments.title,  arguments.doc_no,      arguments.secrecy,
                                 arguments.urgency};
    for (const auto* const list : {&arguments.to, &arguments.cc, &arguments.fields,
                                   &arguments.attachments, &arguments.declared_absent}) {
        all.insert(all.end(), list->begin(), list->end());
    }
    const auto bad = std::find_if(all.begin(), all.end(),
                                  [](const std::string& text) { return !is_utf8(text); });
    if (bad == all.end()) return {};
    return usage_failure("the argument " + printable(*bad) + " is not UTF-8");
}

}  // namespace

Attempt<Charter> fetch_charter(DaemonClient& daemon) {
    const Attempt<std::string> text = daemon.text("/v1/charter", protocol::kMaxCharterBytes);
    if (!text) return text.error();
    protocol::LoadedCharter charter = protocol::load_charter(*text);
    if (const auto* const reasons = std::get_if<Reasons>(&charter)) {
        return Failure{program::ExitCode::failed,
                       "the daemon's charter can't be read:\n" + reason_lines(*reasons), ""};
    }
    return std::get<Charter>(std::move(charter));
}

Attempt<std::string> make_draft(const DraftArguments& arguments, const Charter& charter,
                                DaemonClient& daemon) {
    const Attempt<void> encoded = check_encoding(arguments);
    if (!encoded) return encoded.error();
    const Attempt<WrittenFields> fields =
        collect_fields(arguments, charter.find_kind(KindId(arguments.kind)));
    if (!fields) return fields.error();
    const Attempt<std::vector<AttachedFile>> files = open_files(arguments);
    if (!files) return files.error();

    JsonWriter writer;
    writer.begin_object().member("kind", arguments.kind);
    write_texts(writer, "to", arguments.to);
    write_texts(writer, "cc", arguments.cc);
    write_given(writer, "case", arguments.case_number);
    write_given(writer, "in_reply_to", arguments.in_reply_to);
    write_given(writer, "title", arguments.title);
    write_given(writer, "doc_no", arguments.doc_no);
    write_given(writer, "secrecy", arguments.secrecy);
    write_given(writer, "urgency", arguments.urgency);
    writer.key("fields").begin_object();
    for (const WrittenField& field : *fields) writer.key(field.name).raw(field.json);
    writer.end_object().key("attachments").begin_array();
    const Attempt<void> uploaded = write_files(writer, *files, daemon);
    if (!uploaded) return uploaded.error();
    for (const std::string& kind : arguments.declared_absent) {
        writer.begin_object().member("kind", kind).key("none").boolean(true).end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
