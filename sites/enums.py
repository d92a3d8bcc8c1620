"""The fixed lists of the sites app."""

from django.db.models import TextChoices


class PartnerKind(TextChoices):
    """What a partner is to its coalition."""

    DISTRICT = "district", "School district"
    UNION = "union", "Education union"
    COMMUNITY = "community", "Community partner"


class TaxStatus(TextChoices):
    """How the tax authority knows an organisation that may be paid."""

    GOVERNMENT = "government", "Government unit or public school district"
    CHARITY = "charity", "Public charity, 501(c)(3)"
    UNION = "union", "Labor organization, 501(c)(5)"
    OTHER = "other", "Other"


class SeatRole(TextChoices):
    """What the holder of a seat may do on their site."""

    LEAD = "lead", "Site lead"
    CONTRIBUTOR = "contributor", "Contributor"
    FINANCE = "finance", "Site finance"
    VIEWER = "viewer", "Viewer"


class Subject(TextChoices):
    """What was tested."""

    MATHEMATICS = "mathematics", "Mathematics"
    ELA = "ela", "English language arts"
    SCIENCE = "science", "Science"


class GradeBand(TextChoices):
    """In which grades."""

    GRADES_3_8 = "3-8", "Grades 3-8"
    GRADES_3_5 = "3-5", "Grades 3-5"
    GRADES_6_8 = "6-8", "Grades 6-8"
    HIGH_SCHOOL = "9-12", "High school"


class StudentGroup(TextChoices):
    """Student groups by their EDFacts names."""

    ALL = "all", "All students"
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    AMERICAN_INDIAN = "american_indian", "American Indian or Alaska Native"
    ASIAN = "asian", "Asian"
    BLACK = "black", "Black or African American"
    HISPANIC = "hispanic", "Hispanic or Latino"
    PACIFIC_ISLANDER = "pacific_islander", "Native Hawaiian or Pacific Islander"
    MULTIRACIAL = "multiracial", "Two or more races"
    WHITE = "white", "White"
    DISADVANTAGED = "disadvantaged", "Economically disadvantaged"
    NOT_DISADVANTAGED = "not_disadvantaged", "Not economically disadvantaged"
    ENGLISH_LEARNER = "english_learner", "English learner"
    NOT_ENGLISH_LEARNER = "not_english_learner", "Not English learner"
    DISABILITY = "disability", "Students with disabilities"
    NO_DISABILITY = "no_disability", "Students without disabilities"
    HOMELESS = "homeless", "Homeless"
    FOSTER = "foster", "Foster care"
    MILITARY = "military", "Military connected"
    MIGRANT = "migrant", "Migrant"


# Groups that together make up all students: what complementary suppression works on.
PARTITIONS = (
    (StudentGroup.FEMALE, StudentGroup.MALE),
    (
        StudentGroup.AMERICAN_INDIAN,
        StudentGroup.ASIAN,
        StudentGroup.BLACK,
        StudentGroup.HISPANIC,
        StudentGroup.PACIFIC_ISLANDER,
        StudentGroup.MULTIRACIAL,
        StudentGroup.WHITE,
    ),
    (StudentGroup.DISADVANTAGED, StudentGroup.NOT_DISADVANTAGED),
    (StudentGroup.ENGLISH_LEARNER, StudentGroup.NOT_ENGLISH_LEARNER),
    (StudentGroup.DISABILITY, StudentGroup.NO_DISABILITY),
)


class State(TextChoices):
    """The 50 states, the District of Columbia and the five territories, by postal code."""

    AL = "AL", "Alabama"
    AK = "AK", "Alaska"
    AZ = "AZ", "Arizona"
    AR = "AR", "Arkansas"
    CA = "CA", "California"
    CO = "CO", "Colorado"
    CT = "CT", "Connecticut"
    DE = "DE", "Delaware"
    DC = "DC", "District of Columbia"
    FL = "FL", "Florida"
    GA = "GA", "Georgia"
    HI = "HI", "Hawaii"
    ID = "ID", "Idaho"
    IL = "IL", "Illinois"
    IN = "IN", "Indiana"
    IA = "IA", "Iowa"
    KS = "KS", "Kansas"
    KY = "KY", "Kentucky"
    LA = "LA", "Louisiana"
    ME = "ME", "Maine"
    MD = "MD", "Maryland"
    MA = "MA", "Massachusetts"
    MI = "MI", "Michigan"
    MN = "MN", "Minnesota"
    MS = "MS", "Mississippi"
    MO = "MO", "Missouri"
    MT = "MT", "Montana"
    NE = "NE", "Nebraska"
    NV = "NV", "Nevada"
    NH = "NH", "New Hampshire"
    NJ = "NJ", "New Jersey"
    NM = "NM", "New Mexico"
    NY = "NY", "New York"
    NC = "NC", "North Carolina"
    ND = "ND", "North Dakota"
    OH = "OH", "Ohio"
    OK = "OK", "Oklahoma"
    OR = "OR", "Oregon"
    PA = "PA", "Pennsylvania"
    RI = "RI", "Rhode Island"
    SC = "SC", "South Carolina"
    SD = "SD", "South Dakota"
    TN = "TN", "Tennessee"
    TX = "TX", "Texas"
    UT = "UT", "Utah"
    VT = "VT", "Vermont"
    VA = "VA", "Virginia"
    WA = "WA", "Washington"
    WV = "WV", "West Virginia"
    WI = "WI", "Wisconsin"
    WY = "WY", "Wyoming"
    AS = "AS", "American Samoa"
    GU = "GU", "Guam"
    MP = "MP", "Northern Mariana Islands"
    PR = "PR", "Puerto Rico"
    VI = "VI", "U.S. Virgin Islands"
