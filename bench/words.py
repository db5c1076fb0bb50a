"""What the made-up records say. Lengths matter here, not the stories: the demo tells those."""

GIVEN_NAMES = (
    "Aisha Alan Amara Anita Arthur Barbara Brenda Carol Chidi Clive Daniel Deborah Derek Dilys Doreen Edna Elijah "
    "Eric Fatima Frank Gareth Geoff Grace Gwen Harpreet Harry Hilda Ian Irene Ivy Jamal Jean Jim Joan José Joyce "
    "Karen Kemi Leonard Lin Linda Malcolm Margaret Maureen Mohammed Nasreen Nigel Olive Pamela Patrick Priya "
    "Raymond Rita Ronald Ruth Sandra Sean Sheila Siân Stanley Susan Sylvia Teresa Tomasz Valerie Vera Victor Wendy "
    "Winston Yusuf Zofia"
).split()
FAMILY_NAMES = (
    "Adeyemi Ahmed Allen Bailey Baker Begum Bennett Brown Campbell Carter Chapman Clarke Collins Cook Cooper Cox "
    "Davies Edwards Evans Fisher Foster Gray Green Griffiths Hall Harris Harrison Hill Holmes Hughes Hussain "
    "Jackson James Jenkins Johnson Jones Kaur Kelly Khan King Kowalski Lee Lewis Lloyd Martin Mason Miller Mitchell "
    "Moore Morgan Morris Murphy Murray Nowak O’Brien O’Connor Owen Palmer Parker Patel Phillips Powell Price Reid "
    "Roberts Robinson Rogers Russell Shah Shaw Simpson Singh Smith Stevens Taylor Thomas Thompson Turner Walker "
    "Ward Watson Webb White Williams Wilson Wood Wright Young"
).split()
TOWNS = (
    "Abbey Beacon Bridge Castle Cedar Chapel Church Crown Dale Elm Ferry Forest Garden Grove Harbour Heath Hill "
    "Holly Lake Maltings Market Meadow Mill Moor Oak Orchard Park Priory Quay River Spring Station Stone Vale Well "
    "Willow"
).split()
SENTENCES = [
    "Has hardly left the house since the spring and misses having somebody to talk to.",
    "Used to garden, and would like to be outdoors again with other people.",
    "Letters about the rent are lying unopened on the kitchen table.",
    "Sleeps badly and says the evenings are the longest part of the day.",
    "Looks after a husband who is losing his memory, and has had no day to themselves for months.",
    "We talked for an hour about what a good week would look like.",
    "Rang the community hub: there is room on Thursdays, and somebody will meet them at the door.",
    "Went to the first session, stayed for tea, and would go again.",
    "The bus does not run in the afternoon, so we looked at the volunteer drivers.",
    "Asked for help with a form; we filled in the first half together and will finish it next time.",
    "Would rather not be rung before ten.",
    "A neighbour is helping with the shopping for now.",
]
FOLLOW_UPS = [
    "Ring about the first session",
    "Ask how the week went",
    "Send the leaflet with the opening times",
    "Find out whether there is a place on Thursdays",
    "Finish the form together",
]
