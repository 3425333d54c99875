"""Units of measure: how they are written after a number, and how they are said."""

from __future__ import annotations

UNITS: dict[str, tuple[str, str]] = {
    unit: (singular, plural)
    for line in """
        bps: bit per second, bits per second
        kbps Kbps Kb/s kb/s kbit/s: kilobit per second, kilobits per second
        Mbps Mb/s Mbit/s mbps: megabit per second, megabits per second
        Gbps Gb/s Gbit/s gbps: gigabit per second, gigabits per second
        Tbps Tb/s Tbit/s: terabit per second, terabits per second
        kB/s KB/s KBps: kilobyte per second, kilobytes per second
        MB/s MBps: megabyte per second, megabytes per second
        GB/s GBps: gigabyte per second, gigabytes per second
        Kb kb Kbit kbit: kilobit, kilobits
        Mb Mbit: megabit, megabits
        Gb Gbit: gigabit, gigabits
        B: byte, bytes
        kB KB: kilobyte, kilobytes
        MB: megabyte, megabytes
        GB: gigabyte, gigabytes
        TB: terabyte, terabytes
        PB: petabyte, petabytes
        KiB: kibibyte, kibibytes
        MiB: mebibyte, mebibytes
        GiB: gibibyte, gibibytes
        TiB: tebibyte, tebibytes
        Hz: hertz, hertz
        kHz KHz: kilohertz, kilohertz
        MHz: megahertz, megahertz
        GHz: gigahertz, gigahertz
        THz: terahertz, terahertz
        ns: nanosecond, nanoseconds
        us µs: microsecond, microseconds
        ms msec: millisecond, milliseconds
        s sec secs: second, seconds
        min mins: minute, minutes
        h hr hrs: hour, hours
        nm: nanometer, nanometers
        um: micrometer, micrometers
        mm: millimeter, millimeters
        cm: centimeter, centimeters
        m: meter, meters
        km: kilometer, kilometers
        km/h kph: kilometer per hour, kilometers per hour
        m/s: meter per second, meters per second
        mph: mile per hour, miles per hour
        ft: foot, feet
        mL ml: milliliter, milliliters
        dL: deciliter, deciliters
        L: liter, liters
        mg/dL: milligram per deciliter, milligrams per deciliter
        mmHg: millimeter of mercury, millimeters of mercury
        kPa: kilopascal, kilopascals
        kcal: kilocalorie, kilocalories
        bpm: beat per minute, beats per minute
        lb lbs: pound, pounds
        oz: ounce, ounces
        mcg µg ug: microgram, micrograms
        mg: milligram, milligrams
        g: gram, grams
        kg: kilogram, kilograms
        mW: milliwatt, milliwatts
        W: watt, watts
        kW: kilowatt, kilowatts
        kWh: kilowatt hour, kilowatt hours
        V: volt, volts
        mV: millivolt, millivolts
        mA: milliamp, milliamps
        mAh: milliamp hour, milliamp hours
        dB: decibel, decibels
        dBm: D B M, D B M
        dBi: D B I, D B I
        °C: degree Celsius, degrees Celsius
        °F: degree Fahrenheit, degrees Fahrenheit
        °: degree, degrees
        px: pixel, pixels
        fps: frame per second, frames per second
        rpm: revolution per minute, revolutions per minute
        ppm: part per million, parts per million
        G: G, G
        K: K, K
        D: D, D
        k: thousand, thousand
        M: million, million
        am AM: A M, A M
        pm PM: P M, P M
    """.strip().splitlines()
    for units, names in [line.split(": ")]
    for singular, plural in [names.split(", ")]
    for unit in units.split()
}
ATTACHED_ONLY = frozenset({"B", "G", "K", "D", "k", "M", "am", "AM", "pm", "PM", "°", "L"})
"""Read as units only when written onto the number."""
ALONE = frozenset(
    unit for unit in UNITS if unit.endswith(("bps", "Hz", "it/s", "B/s", "b/s", "iB", "mmHg", "g/dL"))
)
"""Units that nothing else is called: read as units even without a number."""
