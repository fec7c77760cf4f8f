# What this skill promises, as scenarios. Every scenario is a test of the same name below tests/;
# tests/docs/scenarios_test.ts fails when one is missing.
Feature: Hand prompts to Codex in detached workers

  Background:
    Given a machine with Deno, codex and a ChatGPT login
    And a shell inside a git repository

  Rule: A turn starts at once and runs on by itself

    Scenario: A new turn returns its id at once and runs on
      Given a model that speaks for 3 seconds
      When I run `codex-server new "…"`
      Then it ends within 1 second, with exit code 0 and a JSON document on stdout
      And the document names the turn's id and the paths of its files
      And the turn completes although nobody waits for it

    Scenario: The prompt reaches the model byte for byte
      When I give a prompt with quotes, dollars, backticks, backslashes and an emoji on stdin
      Then prompt.txt holds the same bytes
      And the model receives the same text

    Scenario: A repeated key makes one turn
      When I run `codex-server new --key K "…"` twice
      Then both print the same turn-id, and the second says that it was reused
      And the model is asked once

    Scenario: Turns over the limit wait in line
      Given that one turn may run at once
      When I start a second one while the first runs
      Then its status says running, phase queued
      And it completes once the first is over

  Rule: A turn can be followed, and collected whenever one likes

    Scenario: A turn is followed to its end
      When I run `codex-server tail --follow <turn>`
      Then it prints what out.txt receives, and ends with the turn's exit code

    Scenario: Waiting prints out.txt when the turn is over
      When I run `codex-server wait <turn>`
      Then it blocks until the marker is there and prints out.txt, with exit code 0

    Scenario: Waiting gives up at its timeout and the turn runs on
      Given a model that speaks for 3 seconds
      When I run `codex-server wait <turn> --timeout 0.5`
      Then it ends with exit code 4
      And the turn completes

    Scenario: The answer is printed alone
      Given a turn that ran a command and then answered
      When I run `codex-server result <turn>`
      Then it prints the final message and nothing else

    Scenario: The events of a turn are kept, one JSON document a line
      Given a turn that thought, ran a command, changed a file or made a plan
      Then events.jsonl holds each of these as an item
      And out.txt has a tagged line for each

    Scenario: A turn is named by a part of its id, by its label, or not at all
      When I ask for the status by the end of the id, by the label, and without a name
      Then all three tell of the same turn

    Scenario: The newest turns are listed
      When I run `codex-server list-turns --limit 2`
      Then it prints the two newest turns, the newest first

  Rule: Threads go on

    Scenario: The newest thread of the directory is continued
      Given a turn that is over
      When I run `codex-server continue "…"`
      Then the model receives the earlier prompt and answer too
      And meta.json names the thread as resumed_from

    Scenario: A thread is continued by its id
      Given two threads
      When I run `codex-server continue --thread <thread-id> "…"` with the older one
      Then the new turn runs on that thread

    Scenario: A thread with a running turn is busy
      Given a turn that is still running
      When I continue its thread
      Then it is refused with exit code 2 and names the turn to wait for

    Scenario: A thread never loosens silently
      Given a thread whose last turn ran read-only
      And a configuration that would let codex write
      When I continue the thread without a flag
      Then the turn is read-only too

    Scenario: Threads are listed and shown
      Given two turns that are over
      When I run `codex-server list` and `codex-server show <thread-id>`
      Then I see both threads, and the messages of the one

  Rule: The model gets more than words, and gives more than words

    Scenario: A schema makes the answer JSON
      When I run `codex-server new --schema FILE "…"`
      Then the final message fits the schema
      And result.json holds it parsed, as structured

    Scenario: Images are attached
      When I run `codex-server new --image A --image B "…"`
      Then the model receives two images

    Scenario: Files are changed only when the turn may write
      When a turn with --sandbox read-only tries to add a file
      Then the file is not there
      When a turn with --write tries the same
      Then the file is there, and result.json names it

  Rule: Every turn comes to exactly one end

    Scenario: A cancelled turn ends, and says so
      Given a turn that is running
      When I run `codex-server cancel <turn>`
      Then its state is cancelled and it has the marker error, not done
      And the model's stream is closed

    Scenario: A turn that fails says why
      Given a model that refuses the request
      Then the turn has the marker error and not done
      And `wait` ends with exit code 1 and the reason on stderr

    Scenario: A used-up plan has a code of its own
      Given a model that says the usage limit is reached
      Then the error's code is usage_limit

    Scenario: A turn ends at its deadline
      Given a model that never ends
      When I run `codex-server new --timeout 1 "…"`
      Then the error's code is timed_out

    Scenario: A silent codex is stopped
      Given a model that says nothing
      When I run `codex-server new --idle-timeout 1 "…"`
      Then the error's code is stalled

    Scenario: A killed worker's turn is abandoned and nothing lives on
      Given a turn that is running
      When its worker is killed with SIGKILL
      Then its state is abandoned within a second
      And codex is gone within 3 seconds

  Rule: What cannot work is refused at once and leaves no turn behind

    Scenario: Without a login nothing starts
      Given no auth.json
      Then `new` ends with exit code 2 and the login guide
      And `help` and `version` work

    Scenario: A login with an API key is refused and left alone
      Given an auth.json with an API key
      Then `new` ends with exit code 2, and auth.json is as it was

    Scenario: An API key in the environment never takes effect
      Given OPENAI_API_KEY, CODEX_API_KEY and CODEX_ACCESS_TOKEN in the environment
      Then the model is asked with the ChatGPT login
      And none of the three is found in what it receives

    Scenario: Bad input is refused with one line
      When the prompt is empty, the directory, image or schema is missing, or a flag is unknown
      Then stderr has one line and the exit code tells the kind
      And no turn is made

    Scenario: An unknown turn is missing
      When I ask for the status of a turn that is not there
      Then the state is missing and the exit code 6

    Scenario: Outside a repository the check must be skipped
      Given a directory outside git
      Then `new` is refused with code not_a_repository
      And with --skip-git-check it runs

  Rule: Setup makes it independent of the skill's folder

    Scenario: After setup the launcher works with the skill gone
      Given a copy of the skill
      When I run its setup.ts and remove the copy
      Then the launcher starts a turn and prints the answer

    Scenario: Setup works under the documented permissions
      When I run setup.ts with --allow-run=mise,codex,which and nothing more
      Then it pins codex and writes the launcher

    Scenario: Setup without codex says how to get it
      Given no codex on PATH
      Then setup ends with exit code 3 and names brew and npm

    Scenario: Old turns are removed
      Given a turn that is 8 days old and one of today
      When I run `codex-server gc`
      Then the old one is gone and the other stays
