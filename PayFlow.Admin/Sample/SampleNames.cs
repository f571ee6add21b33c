namespace PayFlow.Admin.Sample;

/// <summary>Names of people, streets, brands and firms; none of them means anybody.</summary>
internal static class SampleNames
{
    public static readonly string[] First =
    [
        "Anna", "Bram", "Chloé", "Daan", "Elif", "Femke", "Giulia", "Hugo", "Inès", "Jan", "Kaja", "Lars", "Maya", "Noor", "Oskar", "Priya", "Quinten", "Rosa", "Søren", "Tess",
        "Umut", "Vera", "Wout", "Xenia", "Yasmin", "Zoë", "Amir", "Björn", "Carla", "Dylan", "Eva", "Fatima", "Goran", "Hanna", "Ivo", "Jürgen", "Karin", "Luuk", "Mila", "Niels",
    ];

    public static readonly string[] Last =
    [
        "de Vries", "Jansen", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "Bos", "Peters", "Yılmaz", "García", "Müller", "Rossi", "Novak", "O'Brien", "Kowalski", "Dubois", "Lindström", "Haddad",
        "Chen", "Okafor", "van den Berg", "Hendriks", "Dekker", "Brouwer", "Schmidt", "Fernández", "Larsen", "Nguyen", "Verhoeven", "Santos", "Petrović", "Weber", "Moreau", "Kaya", "Bianchi", "Singh", "Ferreira", "Horváth",
    ];

    public static readonly string[] Brands =
    [
        "Molenaar", "Casa Verde", "Noordzee", "Old Mill", "Primavera", "Kaap", "Fjord", "Zonnehof", "Bella Luna", "Ambacht", "Green Lane", "Hartig", "Duin & Co", "La Piazza", "Stadsgoed", "Veldkamp",
        "Blue Harbour", "Terra", "Golden Fork", "Oranjerie", "Pure & Plain", "Windkracht", "Nordlys", "Everyday",
    ];

    public static readonly string[] Suppliers =
    [
        "Van Dam Foods", "Atlas Wholesale", "Maas Import", "Lindqvist Trading", "Rossi & Figli", "Delta Beverages", "Hollandia Dairy", "Bakkerij Centraal", "Clean House Supplies", "Paperworks",
        "Urban Textiles", "Kitchen & Table", "Northern Snacks", "Botanica Care",
    ];

    public static readonly string[] Cities = ["Utrecht", "Haarlem", "Delft", "Zwolle", "Breda", "Groningen", "Leiden", "Arnhem"];

    public static readonly string[] Streets = ["Market Street", "Station Square", "Canal Street", "Mill Lane", "Church Road", "Harbour Quay", "Park Avenue", "Long Street"];
}
