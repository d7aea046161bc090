"""projector: power, errors, input and lamps of a projector, by PJLink in one session."""

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.probes.pjlink_answers import Lamp, read_lamps, status_fields
from agent.probes.pjlink_projector import FAILURE, Projector, Said, ask_projector
from contract.messages import Outcome, Value

# In order of worth: what is asked first survives a session that breaks off.
_FIELDS = ("POWR", "ERST", "INPT", "AVMT", "FILT", "IRES", "FREZ")
QUESTIONS = ("POWR", "CLSS", "ERST", "LAMP", "INPT", "AVMT", "FILT", "IRES", "FREZ")


def probe(task: Task) -> list[Finding]:
    """One finding of the projector, and one for each lamp under the probe `lamp`.

    What the projector cannot tell, in standby above all (ERR3), is left out and no fault. A session that broke off, or
    an answer that means nothing, gives the outcome its word and leaves the other fields. Raises as ask_projector does.
    """
    if task.device is None:
        raise Unsupported("a projector is asked as one of the devices in agent.yaml")
    projector, said = ask_projector(task.device, QUESTIONS, Deadline(task.deadline_seconds), task.step)
    lamps, fields = _lamps(said, task), _fields(projector, said, task)
    outcome = Outcome.OK if said.trouble is None else outcome_of(said.trouble)
    return [Finding(outcome, fields), *(_finding(number, lamp) for number, lamp in enumerate(lamps, 1))]


def _fields(projector: Projector, said: Said, task: Task) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for question in _FIELDS:
        if question in said.answers:
            try:
                fields |= status_fields(question, said.answers[question])
            except BadAnswer as error:
                _note(said, error, task)
    if FAILURE in said.errors.values():  # "projector or display failure", whatever was asked
        fields["has_error"] = True
    if projector.pjlink_class is not None:
        fields["pjlink_class"] = projector.pjlink_class
    return fields


def _lamps(said: Said, task: Task) -> list[Lamp]:
    try:
        return read_lamps(said.answers["LAMP"]) if "LAMP" in said.answers else []
    except BadAnswer as error:
        _note(said, error, task)
        return []


def _note(said: Said, error: BadAnswer, task: Task) -> None:
    task.step(str(error))
    said.trouble = said.trouble or error


def _finding(number: int, lamp: Lamp) -> Finding:
    return Finding(Outcome.OK, {"hours": lamp.hours, "lit": lamp.lit}, f"lamp-{number}", "lamp")
