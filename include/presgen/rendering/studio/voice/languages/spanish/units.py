"""Units of measure: how they are written after a number, and how they are said."""

from __future__ import annotations

UNITS: dict[str, tuple[str, str]] = {
    unit: (singular, plural)
    for line in """
        bps: bit por segundo, bits por segundo
        kbps Kbps Kb/s kb/s kbit/s: kilobit por segundo, kilobits por segundo
        Mbps Mb/s Mbit/s mbps: megabit por segundo, megabits por segundo
        Gbps Gb/s Gbit/s gbps: gigabit por segundo, gigabits por segundo
        Tbps Tb/s Tbit/s: terabit por segundo, terabits por segundo
        kB/s KB/s KBps: kilobyte por segundo, kilobytes por segundo
        MB/s MBps: megabyte por segundo, megabytes por segundo
        GB/s GBps: gigabyte por segundo, gigabytes por segundo
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
        Hz: hercio, hercios
        kHz KHz: kilohercio, kilohercios
        MHz: megahercio, megahercios
        GHz: gigahercio, gigahercios
        THz: terahercio, terahercios
        ns: nanosegundo, nanosegundos
        us µs: microsegundo, microsegundos
        ms: milisegundo, milisegundos
        s seg: segundo, segundos
        min: minuto, minutos
        h hs: hora, horas
        nm: nanómetro, nanómetros
        um: micrómetro, micrómetros
        mm: milímetro, milímetros
        cm: centímetro, centímetros
        m: metro, metros
        km: kilómetro, kilómetros
        km/h: kilómetro por hora, kilómetros por hora
        m/s: metro por segundo, metros por segundo
        ml mL: mililitro, mililitros
        L: litro, litros
        mg: miligramo, miligramos
        g: gramo, gramos
        kg: kilogramo, kilogramos
        t: tonelada, toneladas
        mW: milivatio, milivatios
        W: vatio, vatios
        kW: kilovatio, kilovatios
        kWh: kilovatio hora, kilovatios hora
        V: voltio, voltios
        mV: milivoltio, milivoltios
        mA: miliamperio, miliamperios
        dB: decibelio, decibelios
        dBm: D B M, D B M
        °C ºC: grado Celsius, grados Celsius
        °F ºF: grado Fahrenheit, grados Fahrenheit
        °: grado, grados
        px: píxel, píxeles
        fps: cuadro por segundo, cuadros por segundo
        rpm: revolución por minuto, revoluciones por minuto
        ppm: parte por millón, partes por millón
        €: euro, euros
        $ USD: dólar, dólares
        £: libra, libras
        MXN: peso mexicano, pesos mexicanos
        EUR: euro, euros
        G: G, G
        k: mil, mil
    """.strip().splitlines()
    for units, names in [line.split(": ")]
    for singular, plural in [names.split(", ")]
    for unit in units.split()
}
ATTACHED_ONLY = frozenset({"B", "G", "k", "°", "V", "W", "L", "t", "g"})
"""Read as units only when written onto the number."""
ALONE = frozenset(unit for unit in UNITS if unit.endswith(("bps", "Hz", "it/s", "B/s", "b/s", "iB")))
"""Units that nothing else is called: read as units even without a number."""
FEMININE = frozenset({"h", "hs", "t", "rpm", "ppm", "£"})
"""Units of feminine gender."""
