//! Time zones by their Windows names, as the shutdown of the jumpbox wants them, with where they hold.
//!
//! Windows knows more of them; any other can be typed.

/// Windows names with the places they hold for.
pub const ZONES: [(&str, &str); 40] = [
    ("UTC", "everywhere, no summer time"),
    ("GMT Standard Time", "London, Dublin, Lisbon"),
    (
        "W. Europe Standard Time",
        "Amsterdam, Berlin, Rome, Stockholm, Vienna, Zurich",
    ),
    (
        "Romance Standard Time",
        "Brussels, Copenhagen, Madrid, Paris",
    ),
    (
        "Central Europe Standard Time",
        "Belgrade, Budapest, Ljubljana, Prague",
    ),
    (
        "Central European Standard Time",
        "Sarajevo, Skopje, Warsaw, Zagreb",
    ),
    (
        "FLE Standard Time",
        "Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius",
    ),
    ("GTB Standard Time", "Athens, Bucharest"),
    ("Turkey Standard Time", "Istanbul"),
    ("Israel Standard Time", "Jerusalem"),
    ("Egypt Standard Time", "Cairo"),
    ("South Africa Standard Time", "Johannesburg, Harare"),
    (
        "W. Central Africa Standard Time",
        "Lagos, West Central Africa",
    ),
    ("E. Africa Standard Time", "Nairobi"),
    ("Arab Standard Time", "Kuwait, Riyadh"),
    ("Arabian Standard Time", "Abu Dhabi, Muscat"),
    ("Pakistan Standard Time", "Islamabad, Karachi"),
    ("India Standard Time", "Chennai, Kolkata, Mumbai, New Delhi"),
    ("Bangladesh Standard Time", "Dhaka"),
    ("SE Asia Standard Time", "Bangkok, Hanoi, Jakarta"),
    ("Singapore Standard Time", "Kuala Lumpur, Singapore"),
    (
        "China Standard Time",
        "Beijing, Chongqing, Hong Kong, Urumqi",
    ),
    ("Taipei Standard Time", "Taipei"),
    ("Korea Standard Time", "Seoul"),
    ("Tokyo Standard Time", "Osaka, Sapporo, Tokyo"),
    ("W. Australia Standard Time", "Perth"),
    ("AUS Eastern Standard Time", "Canberra, Melbourne, Sydney"),
    ("E. Australia Standard Time", "Brisbane"),
    ("New Zealand Standard Time", "Auckland, Wellington"),
    ("E. South America Standard Time", "Brasilia"),
    ("Argentina Standard Time", "Buenos Aires"),
    ("Pacific SA Standard Time", "Santiago"),
    ("SA Pacific Standard Time", "Bogota, Lima, Quito"),
    (
        "Central Standard Time (Mexico)",
        "Guadalajara, Mexico City, Monterrey",
    ),
    ("Atlantic Standard Time", "Halifax"),
    ("Eastern Standard Time", "New York, Toronto"),
    ("Central Standard Time", "Chicago, Dallas"),
    ("Mountain Standard Time", "Denver, Salt Lake City"),
    ("US Mountain Standard Time", "Phoenix"),
    ("Pacific Standard Time", "Los Angeles, Seattle, Vancouver"),
];
