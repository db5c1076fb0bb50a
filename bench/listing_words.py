"""What made-up listings are made of: topics in lifelike shares, the words around them, and parts of made-up names."""

from typing import NamedTuple


class Topic(NamedTuple):
    share: int
    need: str  # one of `directory.models.Need`
    names: tuple[str, ...]
    said: str  # words of its description


def _topic(line: str) -> Topic:
    share, need, names, said = (part.strip() for part in line.split("|"))
    return Topic(int(share), need, tuple(map(str.strip, names.split(","))), said)


TOPICS = tuple(
    _topic(line)
    for line in """
    9|activity|Walking Group, Health Walks, Ramblers|a gentle walk through the park with a trained walk leader
    5|loneliness|Lunch Club, Friendship Club, Social Club|a cooked lunch, a quiz and company
    5|loneliness|Talking Café, Coffee Morning, Chatty Café|tea, coffee and a chat with whoever comes
    3|loneliness|Befriending Scheme, Telephone Befriending|a volunteer befriender who visits or rings each week
    4|bereavement|Bereavement Support, Bereavement Café, Grief Group|bereavement counselling after a death
    5|low_mood|Mental Health Drop-in, Wellbeing Hub, Anxiety Group|support with anxiety, depression and low mood
    3|low_mood|Counselling Service, Talking Therapies|counselling with a qualified counsellor, for as long as it helps
    5|money|Debt Advice, Money Advice, Debt Help|free and confidential debt advice, and help with a budget
    2|money|Credit Union, Savings Club|affordable loans and savings
    4|benefits|Benefits Advice, Welfare Rights, Benefits Check|help to claim universal credit and pension credit
    4|housing|Housing Advice, Homeless Outreach, Tenancy Support|advice about rent, eviction and homelessness
    4|work|Job Club, Employment Support, Work Club|help with a curriculum vitae, applications and interviews
    2|work|Volunteer Centre, Volunteering Hub|volunteering opportunities with a charity nearby
    4|carer|Carers Café, Carers Support, Young Carers|a break and advice for unpaid carers
    5|family|Toddler Group, Stay and Play, Baby Group|songs, toys and snacks for babies and toddlers with their parents
    3|family|Family Centre, Parenting Course, Family Support|parenting courses and family support
    2|family|Relationship Counselling, Mediation|counselling for couples, and mediation after a separation
    4|long_term_condition|Dementia Café, Memory Café, Singing for the Brain|activities for people with dementia
    2|long_term_condition|Stroke Club, Stroke Support|exercise and speech practice after a stroke
    2|long_term_condition|Cancer Support, Living with Cancer|information and therapy during cancer treatment
    2|long_term_condition|Diabetes Group, Diabetes Education|recipes and exercise for people with diabetes
    2|long_term_condition|Chronic Pain Group, Arthritis Group|ways of living with pain and arthritis
    3|activity|Chair Exercise, Seated Exercise, Strength and Balance|gentle seated exercise for strength and balance
    3|activity|Swimming Session, Aqua Fit|lanes for slow swimmers in a warm pool
    3|activity|Yoga Class, Tai Chi, Pilates|breathing, stretching and relaxation
    2|activity|Dance Class, Tea Dance|ballroom and line dancing for beginners
    3|activity|Community Garden, Allotment Group|gardening on a shared allotment, gloves provided
    2|activity|Walking Football, Bowls Club|football at a walking pace
    2|alcohol_drugs|Alcohol Support, Recovery Group|help to drink less, and a recovery group for alcohol and drugs
    1|alcohol_drugs|Gambling Support, Gamblers Fellowship|meetings for people who want to stop gambling
    4|food_fuel|Food Bank, Community Pantry, Community Fridge|food parcels for three days, nappies and toiletries
    3|food_fuel|Warm Hub, Warm Space|a warm room, soup and help with energy bills
    2|abuse|Domestic Abuse Support, Refuge, Women’s Aid|a refuge and a listening ear for survivors of abuse
    3|practical|Digital Drop-in, Computer Class, Tablet Club|help with a computer, a tablet or a smartphone
    3|practical|Community Transport, Volunteer Drivers, Dial-a-Ride|lifts to appointments in a minibus for wheelchairs
    2|practical|Handyperson Service, Repair Café|small repairs, grab rails and light bulbs
    1|practical|Form Filling, Citizens Help Desk|help with forms and official letters
    2|loneliness|Men’s Shed, Men in Sheds|woodwork, tools and company for men
    3|loneliness|Craft Group, Knit and Natter, Art Class|knitting, sewing and painting with others
    2|loneliness|Community Choir, Singing Group|songs that everybody knows, without auditions
    2|loneliness|Youth Club, Youth Drop-in|games, music and trips for teenagers
    1|loneliness|Refugee Welcome, English Conversation|conversation and English lessons for refugees
    1|long_term_condition|Deaf Club, Sight Loss Support|lip reading, hearing aid batteries and large print
    1|loneliness|Veterans Breakfast, Veterans Drop-in|breakfast for those who served in the forces
    """.strip().splitlines()
)

# What people type, two and two: half of them name a topic, half say it otherwise.
PAIRS = tuple(
    """
    walking group|lunch club|coffee morning|talking café|befriending visits|bereavement café|grief support
    anxiety depression|debt advice|money worries|universal credit|pension credit|housing eviction|rent arrears
    job interview|volunteering charity|carers break|toddler songs|parenting course|dementia singing|memory café
    stroke exercise|cancer support|diabetes recipes|chronic pain|chair exercise|swimming pool|yoga relaxation
    tea dance|gardening allotment|walking football|alcohol recovery|food parcels|warm soup|domestic abuse
    computer tablet|minibus wheelchair|knitting sewing|community choir|youth music
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
MISSPELT = (
    "bereavment alchohol anxeity gardning exersise swiming dimentia arthritus benifits counceling wheelchiar volunter "
    "allottment befreinding parentng knittng computor homelesness choirr walkking"
).split()

# The commonest words first: how often a word is used falls with its place in the list.
NOUNS = """
support group activity session advice community service help information people friend club course class volunteer
skill confidence health wellbeing centre hall church library school surgery garden kitchen tea coffee lunch music art
craft game quiz trip outing visit talk speaker film book story photograph history language conversation culture faith
prayer festival market shop café charity project programme workshop training meeting drop-in appointment referral
assessment plan goal choice right law form letter claim grant loan budget bill rent mortgage landlord tenant home house
flat room repair furniture clothes uniform toy pram nappy meal recipe breakfast supper snack fruit vegetable bread soup
cake bus train taxi lift minibus driver car bicycle scooter path park river canal wood beach hill field farm animal
horse dog cat bird bee tree flower seed compost tool bench shed wood metal paint clay glass wool needle thread fabric
loom quilt guitar drum piano choir band dance drama theatre stage costume poem magazine newspaper radio computer tablet
internet website email camera phone screen password printer mobility hearing sight memory speech brain heart lung joint
back knee foot skin sleep pain fatigue medicine pharmacy nurse doctor therapist counsellor mentor coach tutor leader
coordinator trustee neighbour parent mother father grandparent child baby toddler teenager student adult pensioner
veteran refugee carer survivor learner worker employer apprentice business enterprise cooperative partner council police
court hospital hospice clinic prison college university museum gallery archive castle abbey station bridge tower mill
barn cottage pub inn hotel gym pool pitch court track lane green pavilion stadium studio hub base office desk counter
table chair sofa blanket heater stove boiler radiator meter tariff insulation window door key lock ramp rail step stair
bath shower toilet mirror lamp candle clock calendar diary map compass boat canoe sail kite ball bat racket net bowl
dart card chess draughts bingo raffle tombola auction jumble bazaar fete parade lantern puppet balloon bonfire firework
picnic barbecue buffet banquet orchard hedge pond meadow marsh moor heath cliff cave quarry mine forge pottery brewery
bakery dairy fishery tannery foundry workshop laundry launderette hairdresser barber salon tailor cobbler florist grocer
butcher baker greengrocer newsagent stationer chemist optician dentist physiotherapist osteopath podiatrist dietitian
midwife chaplain vicar imam rabbi priest minister deacon warden steward ranger guide scout brownie cub beaver cadet
ambassador champion buddy peer navigator broker advocate solicitor adviser accountant auditor treasurer secretary
chairman member visitor guest host
""".split()
FRAMES = (
    "Bring a {} or a {}, and we will find a {} for you.",
    "Run by {} and {}, with a {} each month.",
    "There is a {} next to the {}, and a {} in the {}.",
    "We began as a {} and are a {} now.",
    "Ask for {} at the {}.",
    "Funded by the {} {} fund and the friends of {}.",
    "No {} is needed; a {} helps.",
    "Our {} meets the {} after the {}.",
    "Members share a {}, a {} and a {}.",
    "Part of the {} {} partnership.",
)
COMMON = (
    "Everybody is welcome, and you need not book.",
    "Please ring before you come for the first time.",
    "Friendly volunteers will meet you at the door.",
    "A local charity offers free and confidential support to people in the community.",
    "We meet every week and have a cup of tea together.",
    "There is parking, and the bus stops outside.",
    "Open to adults of any age who live nearby.",
    "You may bring a friend or somebody who looks after you.",
    "Come to meet new people and learn new skills.",
)
KINDS = "Trust, Community Association, Church, Age Concern, Action, Mind, Council for Voluntary Service, Charity, Hub"
ORGANISATIONS = tuple(KINDS.split(", "))
VENUES = tuple(
    "Village Hall|Community Centre|Library|Church Hall|Leisure Centre|Methodist Church|Hub|School".split("|")
)
STREETS = tuple(
    "High Street|Church Road|Station Road|Mill Lane|Park Avenue|Green Lane|London Road|The Square".split("|")
)
LANGUAGES = (("Polish", "pl"), ("Urdu", "ur"), ("Bengali", "bn"), ("Punjabi", "pa"), ("Arabic", "ar"), ("BSL", "bfi"))
ELIGIBILITY = ("", "", "", "Anybody who lives in the area.", "Adults over 18.", "People over 55.", "Women only.")
APPLYING = ("", "Just come.", "Ring us to book a place.", "Ask your surgery to refer you.")

FIRST = (
    "Ash Bal Barn Beck Birch Blythe Brad Bram Bran Brid Bright Brook Buck Burn Carl Chal Charl Chel Clay Cold "
    "Cray Crow Dal Den Der Dun East Eden Elm Eving Fal Farn Fen Fern Ful Gains Glen Gold Gran Grim Hadd Hal Har "
    "Hart Haw Hazel Hels Hol Hors Hunt Ing Ken King Kirk Lang Leigh Lin Long Lud Lyd Mal March Mel Mid Mor New "
    "Nor North Oak Old Over Pad Pen Pick Rad Red Rip Rock Rush Sand Scar Shel Ship South Stan Stoke Sut Swan Tad "
    "Thorn Tid Upping Wad Wal War Wel West Whit Win Wood Yar"
).split()
LAST = (
    "borough bourne bridge bury by church combe cote dale den don field ford gate ham hurst leigh ley low mouth pool "
    "stead stoke ton well wick worth"
).split()
ONSETS = (
    "Ab Al Am An Ar Bel Ber Bor Cal Car Cor Dar Del Dor El Er Fal Fer Gal Gar Gor Hel Hor Il Jar Kel Kor Lam Lor Mar "
    "Mor Nar Nor Or Pel Per Quor Ros Sal Sor Tal Tor Ul Val Ver Zan"
).split()
VOWELS = "a e i o u ae ia eo".split()
CODAS = "bury dine lia mont nor phine rick ron sand tar vale ven wen xon".split()
