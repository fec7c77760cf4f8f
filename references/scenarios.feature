# What this skill promises, as scenarios. Below each stands the test that shows it;
# tests/docs/scenarios_test.ts fails when one is missing.
Feature: Hand prompts to Codex in detached workers

  Background:
    Given a machine with Deno, codex and a ChatGPT login
    And a shell inside a git repository

  Rule: A turn starts at once and runs on by itself

    Scenario: A new turn returns its id at once and runs on
      # tests/commands/new_test.ts: Row A1: new prints JSON
      Given a model that speaks for 3 seconds
      When I run `codex-server new "…"`
      Then it ends within 1 second, with exit code 0 and a JSON document on stdout
      And the document names the turn's id and the paths of its files
      And the turn completes although nobody waits for it

    Scenario: The prompt reaches the model byte for byte
      # tests/commands/prompt_test.ts: E10 the model receives the prompt byte for byte by file
      When I give a prompt with quotes, dollars, backticks, backslashes and an emoji on stdin
      Then prompt.txt holds the same bytes
      And the model receives the same text

    Scenario: A repeated key makes one turn
      # tests/commands/new_test.ts: E24 newcomer A13: --key repeated
      When I run `codex-server new --key K "…"` twice
      Then both print the same turn-id, and the second says that it was reused
      And the model is asked once

    Scenario: Turns over the limit wait in line
      # tests/commands/status_test.ts: a turn over max_concurrent is queued
      Given that one turn may run at once
      When I start a second one while the first runs
      Then its status says running, phase queued
      And it completes once the first is over

  Rule: A turn can be followed, and collected whenever one likes

    Scenario: A turn is followed to its end
      # tests/commands/tail_test.ts: Row A8: tail --follow streams
      When I run `codex-server tail --follow <turn>`
      Then it prints what out.txt receives, and ends with the turn's exit code

    Scenario: Words are in out.txt while the model speaks
      # tests/live_turns/streaming_test.ts: Row A37, Row B5: out.txt grows word by word
      Given a model that speaks for 2 seconds
      When its second word was sent
      Then out.txt holds it, and not yet the last one
      And the status says running, phase writing

    Scenario: A turn is watched in short lines, and the last one tells the end
      # tests/commands/watch_test.ts: watch tells a turn in short lines
      Given a turn that answers at length, and one that fails
      When I run `codex-server watch <turn> <turn>` with both
      Then no line is longer than 200 characters
      And the last line of each tells how it ended
      And the exit code is the worse of the two

    Scenario: A watch goes on from an event without a replay
      # tests/commands/watch_test.ts: --since goes on after an event
      Given the number that a line of `watch` showed
      When I run `codex-server watch <turn> --since N` with it
      Then I see the lines behind that one and no other

    Scenario: Waiting prints out.txt when the turn is over
      # tests/commands/wait_test.ts: Row A9: wait blocks until the end
      When I run `codex-server wait <turn>`
      Then it blocks until the marker is there and prints out.txt, with exit code 0

    Scenario: Waiting gives up at its timeout and the turn runs on
      # tests/commands/wait_test.ts: Row A10: wait --timeout
      Given a model that speaks for 3 seconds
      When I run `codex-server wait <turn> --timeout 0.5`
      Then it ends with exit code 4
      And the turn completes

    Scenario: The answer is printed alone
      # tests/commands/result_test.ts: result prints the answer alone
      Given a turn that ran a command and then answered
      When I run `codex-server result <turn>`
      Then it prints the final message and nothing else

    Scenario: The events of a turn are kept, one JSON document a line
      # tests/worker/turn_files_test.ts: Row A25: events.jsonl holds every event
      Given a turn that thought, ran a command, changed a file or made a plan
      Then events.jsonl holds each of these as an item
      And out.txt has a tagged line for each

    Scenario: A turn is named by a part of its id, by its label, or not at all
      # tests/commands/status_test.ts: a turn is named by its id
      When I ask for the status by the end of the id, by the label, and without a name
      Then all three tell of the same turn

    Scenario: The newest turns are listed
      # tests/commands/list_turns_test.ts: Row A12, newcomer C1, C2: list-turns
      When I run `codex-server list-turns --limit 2`
      Then it prints the two newest turns, the newest first

  Rule: A running turn can be talked to

    Scenario: A running turn is steered
      # tests/commands/steer_test.ts: Row D16: after a steer
      Given a turn that is speaking
      When I run `codex-server steer <turn> "…"`
      Then the model is asked again with that text
      And the answer is the new one alone; what was cut off is marked

    Scenario: A turn that is over takes no more words
      # tests/commands/steer_test.ts: steering a turn that is over
      When I steer a turn that is over
      Then it is refused with exit code 1 and code not_running

    Scenario: An approved command runs once
      # tests/commands/approvals_test.ts: an accepted command runs once
      Given a turn with --approvals ask whose model wants to leave the sandbox
      Then `wait --until-input` ends with exit code 8, and the status lists the request
      And out.txt has the command line that approves it
      When I approve it from another process
      Then the command has run once

    Scenario: A declined command leaves the disk untouched
      # tests/commands/approvals_test.ts: a declined command leaves the disk untouched
      Given a turn that asks to run a command
      When I run `codex-server decline <turn>`
      Then the command has not run, and the turn goes on to its end

    Scenario: A request that nobody answers is declined
      # tests/commands/approvals_test.ts: Row D12: what nobody answers
      Given a turn with --approval-timeout 0.5 that asks to run a command
      When nobody answers for half a second
      Then the command has not run, and out.txt says why

    Scenario: Of two answers the first one counts
      # tests/commands/approvals_test.ts: two approves at once have one winner
      Given a turn that asks to run a command
      When one process approves it and another declines it at once
      Then one of them ends with exit code 0 and the other with 1
      And what the first one said has happened

    Scenario: A question is answered
      # tests/commands/answer_test.ts: the model hears the answer
      Given a turn that asks a question
      When I run `codex-server answer <turn> "Blue"`
      Then the model receives the answer

  Rule: Threads go on

    Scenario: The thread of the newest turn of the repository is continued
      # tests/commands/continue_test.ts: Row A4: continue --last
      Given a turn that is over
      When I run `codex-server continue "…"`
      Then the model receives the earlier prompt and answer too
      And meta.json names the thread as resumed_from

    Scenario: A thread is continued by its id
      # tests/commands/continue_test.ts: Row A5, Row A6: continue --thread
      Given two threads
      When I run `codex-server continue --thread <thread-id> "…"` with the older one
      Then the new turn runs on that thread

    Scenario: A thread with a running turn is busy
      # tests/commands/continue_test.ts: E19 a thread with a running turn
      Given a turn that is still running
      When I continue its thread
      Then it is refused with exit code 2 and names the turn to wait for

    Scenario: A thread never loosens
      # tests/commands/thread_permissions_test.ts: bug 27: a thread keeps the sandbox
      Given a thread whose last turn ran read-only
      And a configuration that would let codex write
      When I continue the thread without a flag
      Then the turn is read-only too

    Scenario: A thread that asks goes on asking
      # tests/commands/thread_permissions_test.ts: review A2, S1: full access that asks
      Given a thread with full access whose last turn asked before each command
      When I continue or fork it without a flag
      Then codex asks before each command

    Scenario: A thread goes on in its own directory
      # tests/commands/thread_permissions_test.ts: E25 bug 2: a thread goes on in its own
      Given a thread of another directory, which may write there
      When I continue it from here
      Then it works and writes in that directory
      And with --cwd elsewhere it may not write until a flag says so

    Scenario: A forked thread stays as it was
      # tests/commands/fork_test.ts: Row D15: a fork goes on with a copy
      Given a thread
      When I run `codex-server fork "…"`
      Then the model receives the earlier prompt, on a thread of another id
      And the first thread has its old messages only

    Scenario: An ephemeral thread is not kept
      # tests/live_turns/lean_test.ts: --ephemeral leaves no thread behind
      When I run `codex-server new --ephemeral "…"`
      Then the answer is there, and the thread is neither listed nor continued

    Scenario: Threads are listed and shown
      # tests/commands/show_test.ts: Row A14, newcomer C1: show tells
      Given two turns that are over
      When I run `codex-server list` and `codex-server show <thread-id>`
      Then I see both threads, and the messages of the one

  Rule: The model gets more than words, and gives more than words

    Scenario: A schema makes the answer JSON
      # tests/worker/turn_files_test.ts: Row A30: with --schema
      When I run `codex-server new --schema FILE "…"`
      Then the final message fits the schema
      And result.json holds it parsed, as structured

    Scenario: Images are attached
      # tests/commands/new_test.ts: Row A3: new and continue take
      When I run `codex-server new --image A --image B "…"`
      Then the model receives two images

    Scenario: Uncommitted changes are reviewed
      # tests/commands/review_test.ts: Row C15: the findings are text
      Given a changed file
      When I run `codex-server review`
      Then the model is asked to review it
      And the findings are there as text, and as JSON under review

    Scenario: The changes of a turn are kept as a diff
      # tests/live_turns/streaming_test.ts: Row D19: diff.patch is what the turn changed
      When a turn with --write adds a file
      Then diff.patch in its directory adds the same file

    Scenario: Files are changed only when the turn may write
      # tests/commands/new_test.ts: --write lets codex write
      When a turn with --sandbox read-only tries to add a file
      Then the file is not there
      When a turn with --write tries the same
      Then the file is there, and result.json names it

  Rule: Every turn comes to exactly one end

    Scenario: A cancelled turn ends, and says so
      # tests/live_turns/cancel_test.ts: I2 cancel while a command sleeps
      Given a turn that is running
      When I run `codex-server cancel <turn>`
      Then its state is cancelled and it has the marker error, not done
      And the model's stream is closed

    Scenario: A turn is cancelled while it speaks
      # tests/live_turns/cancel_test.ts: I2 cancel ends a streaming turn
      Given a turn that is speaking
      When I run `codex-server cancel <turn>`
      Then the model's stream is closed
      And what it said is marked as cut off and is no answer

    Scenario: A turn that fails says why
      # tests/worker/turn_files_test.ts: usage is this turn's, and a failed turn tells
      Given a model that refuses the request
      Then the turn has the marker error and not done
      And `wait` ends with exit code 1 and the reason on stderr

    Scenario: A used-up plan has a code of its own
      # tests/worker/turn_files_test.ts: usage is this turn's
      Given a model that says the usage limit is reached
      Then the error's code is usage_limit

    Scenario: A turn ends at its deadline
      # tests/worker/deadlines_test.ts: B7 a turn over its deadline
      Given a model that never ends
      When I run `codex-server new --max-time 1 "…"`
      Then the error's code is timed_out

    Scenario: A silent codex is stopped
      # tests/worker/deadlines_test.ts: B7
      Given a model that says nothing
      When I run `codex-server new --idle-timeout 1 "…"`
      Then the error's code is stalled

    Scenario: A killed worker's turn is abandoned and nothing lives on
      # tests/worker/killed_test.ts: leaves an abandoned turn and no process
      Given a turn that is running
      When its worker is killed with SIGKILL
      Then its state is abandoned within a second
      And codex is gone within 3 seconds

  Rule: Whichever engine runs, the turn is the same

    Scenario: A codex without an app-server leaves the turn to the SDK
      # tests/worker/choose_engine_test.ts: the SDK takes over
      Given a codex whose app-server does not answer
      Then the turn completes through the SDK, and worker.log says why
      And the model is asked once
      And with --engine app-server the turn fails instead

    Scenario: What setup found decides which engine runs
      # tests/worker/choose_engine_test.ts: auto runs the app-server where setup found
      Given a config.json that says that the app-server does not work
      Then the turn runs through the SDK without trying

    Scenario: What only the app-server can do is refused with the SDK
      # tests/commands/approvals_test.ts: approvals on the SDK engine are refused
      When I run `codex-server new --engine sdk --lean "…"`
      Then it is refused with exit code 2, and no turn is made

    Scenario: A lean turn starts none of the user's servers
      # tests/live_turns/lean_test.ts: --lean starts none
      Given an MCP server in config.toml
      When I run `codex-server new --lean "…"`
      Then the server was not started
      And without --lean it is

    Scenario: A traced turn keeps every message of the protocol
      # tests/codex/rpc_test.ts: the trace holds the messages both ways
      When I run `codex-server new --trace "…"`
      Then rpc.jsonl holds what was sent and what was received

    Scenario: Commands see the caller's environment without the secrets
      # tests/live_turns/machine_test.ts: commands see the user's environment
      Given CODEX_ACCESS_TOKEN, LD_LIBRARY_PATH and a name of my own in the environment
      When codex runs a command
      Then the command sees my name, and neither of the other two has its value

  Rule: What cannot work is refused at once and leaves no turn behind

    Scenario: Without a login nothing starts
      # tests/commands/preconditions_test.ts: F8 without auth.json
      Given no auth.json
      Then `new` ends with exit code 2 and the login guide
      And `help` and `version` work

    Scenario: A login with an API key is refused and left alone
      # tests/commands/preconditions_test.ts: F9 an auth.json with an API key
      Given an auth.json with an API key
      Then `new` ends with exit code 2, and auth.json is as it was

    Scenario: An API key in the environment never takes effect
      # tests/faults/f_codex_and_login_test.ts: F14 no secret name
      Given OPENAI_API_KEY, CODEX_API_KEY and CODEX_ACCESS_TOKEN in the environment
      Then the model is asked with the ChatGPT login
      And none of the three is found in what it receives

    Scenario: Bad input is refused with one line
      # tests/commands/bad_input_test.ts: E20 flags that cannot be meant
      When the prompt is empty, the directory, image or schema is missing, or a flag is unknown
      Then stderr has one line and the exit code tells the kind
      And no turn is made

    Scenario: An unknown turn is missing
      # tests/commands/hostile_reference_test.ts: status answers an unknown turn
      When I ask for the status of a turn that is not there
      Then the state is missing and the exit code 6

    Scenario: Outside a repository the check must be skipped
      # tests/commands/bad_input_test.ts: not_a_repository
      Given a directory outside git
      Then `new` is refused with code not_a_repository
      And with --skip-git-check it runs

  Rule: Setup makes it independent of the skill's folder

    Scenario: After setup the launcher works with the skill gone
      # tests/setup/library_test.ts: the installed copy works
      Given a copy of the skill
      When I run its setup.ts and remove the copy
      Then the launcher starts a turn and prints the answer

    Scenario: Setup works under the documented permissions
      # tests/setup/setup_test.ts: Row A18: setup does its work
      When I run setup.ts with --allow-run=mise,codex,which and nothing more
      Then it pins codex and writes the launcher

    Scenario: Setup without codex says how to get it
      # tests/setup/find_codex_test.ts: Row A32: without any codex
      Given no codex on PATH
      Then setup ends with exit code 3 and names brew and npm

    Scenario: Old turns are removed
      # tests/commands/gc_test.ts: gc removes turns
      Given a turn that is 8 days old and one of today
      When I run `codex-server gc`
      Then the old one is gone and the other stays
