#include "client/daemon/reminders.hpp"

#include "domain/step_addressees.hpp"
#include "protocol/clock_event_json.hpp"

#include <utility>

namespace tongbao::client {
namespace {

void write_into(protocol::JsonWriter& writer, const Reminder& reminder) {
    writer.begin_object().key("entry").number(reminder.step->step.index.value());
    write_open_step(writer, *reminder.step);
    writer.key("posts").begin_array();
    for (const PostId& post : reminder.posts) writer.text(post.value());
    writer.end_array().end_object();
}

}  // namespace

std::vector<Reminder> reminders_of(const OpenSteps& steps, const UnitId& own,
                                   const Charter& charter) {
    std::vector<Reminder> reminders;
    for (const OpenStep& open : steps.steps) {
        if (open.rule == nullptr) continue;
        Reminder reminder{&open, {}};
        bool addressed = false;
        for (StepAddressee& each :
             step_addressees(charter, *open.rule, open.clock.from, open.clock.unit)) {
            if (each.unit != own) continue;
            addressed = true;
            if (each.post) reminder.posts.push_back(*std::move(each.post));
        }
        if (addressed) reminders.push_back(std::move(reminder));
    }
    return reminders;
}

void write_open_step(protocol::JsonWriter& writer, const OpenStep& open) {
    const DueClock& clock = open.clock;
    writer.member("deed", open.step.deed).member("since", format_utc(open.step.done));
    writer.key("notice");
    protocol::write_notice_ref(writer, clock.notice);
    writer.member("id", clock.id.text())
        .member("notice_kind", clock.kind.value())
        .member("from", clock.from.value())
        .member("unit", clock.unit.value())
        .member("purpose", clock.reply ? "reply" : "receipt");
    if (clock.reply) writer.member("reply", clock.reply->value());
    if (!clock.row.empty()) writer.member("row", clock.row);
    if (clock.due) writer.member("due", format_utc(*clock.due));
    if (clock.overdue_since) writer.member("overdue_since", format_utc(*clock.overdue_since));
}

std::string write_reminders(const std::vector<Reminder>& reminders,
                            const std::vector<DispatchReminder>& dispatches, bool complete) {
    protocol::JsonWriter writer;
    writer.begin_object().key("reminders").begin_array();
    auto dispatch = dispatches.begin();
    for (const Reminder& reminder : reminders) {
        for (; dispatch != dispatches.end() && dispatch->since < reminder.step->step.done;
             ++dispatch) {
            write_dispatch_reminder(writer, *dispatch);
        }
        write_into(writer, reminder);
    }
    for (; dispatch != dispatches.end(); ++dispatch) write_dispatch_reminder(writer, *dispatch);
    writer.end_array().key("complete").boolean(complete).end_object();
    return writer.take();
}

std::string write_reminder(const Reminder& reminder) {
    protocol::JsonWriter writer;
    write_into(writer, reminder);
    return writer.take();
}

}  // namespace tongbao::client
